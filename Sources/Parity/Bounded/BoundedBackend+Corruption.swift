import Backend

extension BoundedBackend {
  func run(_ operation: Corrupt, start: Int, noise: Noise) {
    operation.check(start: start)
    let (input, columns) = (self[operation.input], operation.input.columns)
    let order = operation.order.map { indices(of: $0) }
    fill(operation.output) { index in
      let (row, column) = (index / columns, index % columns)
      let example = order.map { Int($0[start + row]) } ?? start + row
      let noise = noise.ofExample(example)
      return operation.corruption.bounded(
        input[index],
        draw: operation.corruption.distribution == .normal
          ? noise.boundedNormal(column)
          : Bounded(exactly: Double(noise.word(column) >> 8) * 0x1p-24))
    }
  }
}

extension Corruption {
  /// A pixel's image. Uniform draws and their comparison are exact.
  func bounded(_ pixel: Bounded, draw: Bounded) -> Bounded {
    switch kind {
    case .gaussian: (pixel + Bounded(amount) * draw).clippedToUnit
    case .mask, .saltPepper:
      draw.value < Double(black)
        ? Bounded(exactly: 0) : draw.value < Double(amount) ? Bounded(exactly: 1) : pixel
    }
  }
}

extension Bounded {
  /// Its nearest in [0, 1]: exact, and no further off than the ends of its interval.
  fileprivate var clippedToUnit: Bounded {
    func clip(_ value: Double) -> Double { min(max(value, 0), 1) }
    let clipped = clip(value)
    return Bounded(
      value: value.isNaN ? value : clipped,
      error: max(clip(value + error) - clipped, clipped - clip(value - error)))
  }
}
