import Backend

extension OperationCase {
  /// Rows out of a table of `tableRows` rows; with an order, a shuffled one.
  static func gather(
    rows: Int, columns: Int, tableRows: Int, start: Int, isOrdered: Bool, _ setting: CaseSetting
  ) -> OperationCase {
    var arena = setting.arena
    let output = arena.output("X", rows: rows, columns: columns)
    var random = RandomNumbers(
      Noise(seed: setting.seed, stream: .shuffling, step: setting.number))
    let pixels = (0..<tableRows * columns).map { _ in UInt8(random.nextWord() >> 24) }
    let order = isOrdered ? random.permutation(count: tableRows) : nil
    let nominal = Gather(
      pixels: PixelTable(identifier: 0, rows: tableRows, columns: columns), order: nil,
      output: output)
    return OperationCase(
      nominal,
      variant: "\(isOrdered ? "shuffled" : "in order"), from \(start) of \(tableRows)",
      kind: setting.kind, arena: arena, outputs: [output],
      run: { backend in
        let table = try backend.makePixelTable(pixels, columns: columns)
        let indices = try order.map { try backend.makeIndexTable(count: $0.count) }
        if let order, let indices { backend.upload(order, to: indices) }
        backend.run(Gather(pixels: table, order: indices, output: output), start: start)
      })
  }

  /// Every level of grey, drawn; with an order, a shuffled one.
  static func binarize(
    rows: Int, columns: Int, start: Int, isOrdered: Bool, noise: Noise, _ setting: CaseSetting
  ) -> OperationCase {
    var arena = setting.arena
    var random = RandomNumbers(
      Noise(seed: setting.seed, stream: .shuffling, step: setting.number))
    let images = arena.input(
      "X", rows: rows, columns: columns,
      (0..<rows * columns).map { _ in Float(random.nextWord() >> 24) / 255 })
    let order = isOrdered ? random.permutation(count: start + rows) : nil
    return OperationCase(
      Binarize(images: images, order: nil),
      variant: "\(isOrdered ? "shuffled" : "in order"), from \(start), \(text(noise))",
      kind: setting.kind, arena: arena, outputs: [images],
      run: { backend in
        let indices = try order.map { try backend.makeIndexTable(count: $0.count) }
        if let order, let indices { backend.upload(order, to: indices) }
        backend.run(Binarize(images: images, order: indices), start: start, noise: noise)
      })
  }

  /// Columns of M×`inputs` in place of those from `position` on of M×`outputs`.
  static func copyColumns(
    rows: Int, _ columns: Range<Int>, of inputs: Int, to position: Int, of outputs: Int,
    _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let operation = CopyColumns(
      arena.input("X", rows: rows, columns: inputs, data.matrix(rows: rows, columns: inputs)),
      columns: columns,
      to: arena.input("Y", rows: rows, columns: outputs, data.matrix(rows: rows, columns: outputs)),
      at: position)
    return OperationCase(
      operation, variant: "from \(columns.lowerBound) to \(position)", kind: setting.kind,
      arena: arena, outputs: [operation.output], run: { $0.run(operation) })
  }

  static func randomFill(
    rows: Int, columns: Int, _ distribution: Distribution, noise: Noise, _ setting: CaseSetting
  ) -> OperationCase {
    var arena = setting.arena
    let operation = RandomFill(
      distribution: distribution, output: arena.output("X", rows: rows, columns: columns))
    return OperationCase(
      operation, variant: text(noise), kind: setting.kind, arena: arena,
      outputs: [operation.output], run: { $0.run(operation, noise: noise) })
  }
}
