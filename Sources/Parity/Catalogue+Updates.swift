import Backend

extension Catalogue {
  mutating func denseUpdates() {
    let stacks = [
      [DenseShape(1, 1, 1)], [DenseShape(0, 3, 5)],
      [DenseShape(5, 17, 33), DenseShape(5, 33, 2), DenseShape(5, 1, 65)],
    ]
    // More examples than are summed at a time, in two turns or three.
    let many = extent.hasLongSums ? 513 : 257
    let long = [DenseShape(many, 19, 40), DenseShape(many, 40, 9)]
    for (index, stack) in (stacks + [long]).enumerated() {
      add(DenseUpdate.name, skew: index % 4) { .denseUpdate(stack, step: index + 1, $0) }
    }
    for kind in extent.kinds {
      let stack = [DenseShape(13, 21, 37), DenseShape(13, 37, 8)]
      for decay in [0, 0.1] {
        add(DenseUpdate.name, kind) { .denseUpdate(stack, step: 2, weightDecay: decay, $0) }
      }
    }
    guard extent.hasLongSums else { return }
    // Large enough to be cut between threads, along the columns and along the rows.
    for shape in [DenseShape(300, 20, 400), DenseShape(300, 400, 20)] {
      add(DenseUpdate.name) { .denseUpdate([shape], step: 1, showingGradient: true, $0) }
    }
    guard extent.hasPresets else { return }
    for layers in [[(400, 784), (20, 400), (400, 40), (784, 400)], [(784, 250), (30, 320)]] {
      let stack = layers.map { DenseShape(128, $0.0, $0.1) }
      add(DenseUpdate.name) { .denseUpdate(stack, step: 1, $0) }
    }
  }
}
