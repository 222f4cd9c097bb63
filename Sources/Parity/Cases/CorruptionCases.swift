import Backend

extension OperationCase {
  /// Rows from `start` on, of a shuffled order of `examples` or in order.
  static func corrupt(
    rows: Int, columns: Int, _ corruption: Corruption, start: Int, examples: Int, isOrdered: Bool,
    noise: Noise, inPlace: Bool = false, _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let values =
      setting.kind == .ordinary
      ? data.pixels(count: rows * columns) : data.matrix(rows: rows, columns: columns)
    let input = arena.input("X", rows: rows, columns: columns, values)
    let output = inPlace ? input : arena.output("X̃", rows: rows, columns: columns)
    var random = RandomNumbers(
      Noise(seed: setting.seed, stream: .shuffling, step: setting.number))
    let order = isOrdered ? random.permutation(count: examples) : nil
    return OperationCase(
      Corrupt(corruption: corruption, order: nil, input: input, output: output),
      variant: "\(isOrdered ? "shuffled" : "in order"), from \(start), \(text(noise))"
        + (inPlace ? ", in place" : ""),
      kind: setting.kind, arena: arena, outputs: [output],
      run: { backend in
        let indices = try order.map { try backend.makeIndexTable(count: $0.count) }
        if let order, let indices { backend.upload(order, to: indices) }
        backend.run(
          Corrupt(corruption: corruption, order: indices, input: input, output: output),
          start: start, noise: noise)
      })
  }
}

extension Catalogue {
  mutating func corruptions() {
    let corruptions = ["gaussian:0.5", "mask:0.3", "salt-pepper:0.4"].compactMap(Corruption.init)
    for (number, corruption) in corruptions.enumerated() {
      // The last has more examples than 16 bits count.
      let shapes = [
        (0, 5, 3, 1), (1, 1, 1, 0), (7, 3, 20, 13), (33, 65, 40, 7), (5, 784, 64, 59),
        (9, 3, 70_000, 69_991),
      ]
      for (index, (rows, columns, examples, start)) in shapes.enumerated() {
        let noise = Self.noises[(index + number) % Self.noises.count]
        for isOrdered in [false, true] {
          add(Corrupt.name, skew: index % 4) {
            .corrupt(
              rows: rows, columns: columns, corruption, start: start, examples: examples,
              isOrdered: isOrdered, noise: noise, inPlace: index % 2 == 1, $0)
          }
        }
      }
      for kind in extent.kinds { corrupt(corruption, rows: 13, columns: 37, kind) }
      if extent.hasPresets { corrupt(corruption, rows: 128, columns: 784) }
    }
  }

  mutating func corrupt(
    _ corruption: Corruption, rows: Int, columns: Int, _ kind: DataKind = .ordinary
  ) {
    add(Corrupt.name, kind, skew: 1) {
      .corrupt(
        rows: rows, columns: columns, corruption, start: 1, examples: 2 * rows, isOrdered: true,
        noise: Noise(seed: 3, stream: .corruption, step: 5), $0)
    }
  }
}
