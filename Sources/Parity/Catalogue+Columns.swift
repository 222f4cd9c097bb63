import Backend

extension Catalogue {
  mutating func columns() {
    // From the first and the last columns on, one, a vector less or more, all.
    let extents = [(5, 3), (1, 1), (20, 7), (16, 33), (65, 31), (784, 10)]
    for (index, (inputs, others)) in extents.enumerated() {
      let rows = [7, 0, 33, 1, 128, 5][index]
      copies(rows: rows, inputs: inputs, others: others, skew: index % 4)
    }
    for kind in extent.kinds { copies(rows: 13, inputs: 21, others: 17, kind) }
    if extent.hasPresets { copies(rows: 128, inputs: 784, others: 10) }
  }

  /// Into a matrix with `others` more columns, before them and behind them, and out of it.
  mutating func copies(
    rows: Int, inputs: Int, others: Int, _ kind: DataKind = .ordinary, skew: Int = 0
  ) {
    let wide = inputs + others
    add(CopyColumns.name, kind, skew: skew) {
      .copyColumns(rows: rows, 0..<inputs, of: inputs, to: 0, of: wide, $0)
    }
    add(CopyColumns.name, kind, skew: skew) {
      .copyColumns(rows: rows, 0..<inputs, of: inputs, to: others, of: wide, $0)
    }
    add(CopyColumns.name, kind, skew: skew) {
      .copyColumns(rows: rows, others..<wide, of: wide, to: 0, of: inputs, $0)
    }
  }
}
