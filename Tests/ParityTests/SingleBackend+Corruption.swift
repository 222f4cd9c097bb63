import Backend

extension SingleBackend {
  func run(_ operation: Corrupt, start: Int, noise: Noise) {
    let columns = operation.output.columns
    let (amount, isMask) = (operation.corruption.amount, operation.corruption.kind == .mask)
    for index in 0..<operation.output.count {
      let position = start + index / columns
      let example = operation.order.map { Int(indexTables[$0.identifier][position]) } ?? position
      let noise = noise.ofExample(example)
      let column = index % columns
      let pixel = self[operation.input, index]
      if operation.corruption.kind == .gaussian {
        let noisy = pixel + amount * normal(noise, column)
        self[operation.output, index] = noisy.isNaN ? noisy : min(max(noisy, 0), 1)
      } else {
        let draw = Float(noise.words(block: column / 4)[column % 4] >> 8) * 0x1p-24
        let isBlack = isMask ? draw < amount : 2 * draw < amount
        self[operation.output, index] = isBlack ? 0 : draw < amount ? 1 : pixel
      }
    }
  }
}
