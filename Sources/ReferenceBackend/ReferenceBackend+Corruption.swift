import Backend

extension ReferenceBackend {
  public func run(_ operation: Corrupt, start: Int, noise: Noise) {
    operation.check(start: start)
    let (input, output) = (elements(of: operation.input), elements(of: operation.output))
    let (columns, corruption) = (operation.output.columns, operation.corruption)
    for row in 0..<operation.output.rows {
      let example =
        operation.order.map { Int(indexTables[$0.identifier][start + row]) } ?? start + row
      let noise = noise.ofExample(example)
      for column in 0..<columns {
        let draw =
          corruption.distribution == .normal
          ? noise.normal(column) : Double(noise.word(column) >> 8) * 0x1p-24
        let index = row * columns + column
        output[index] = corruption.value(input[index], draw: draw)
      }
    }
  }
}
