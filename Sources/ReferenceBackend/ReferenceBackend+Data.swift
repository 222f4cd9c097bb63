import Backend
import Foundation

extension ReferenceBackend {
  public func run(_ operation: Gather, start: Int) {
    operation.check(start: start)
    let (columns, output) = (operation.output.columns, elements(of: operation.output))
    for row in 0..<operation.output.rows {
      let source =
        operation.order.map { Int(indexTables[$0.identifier][start + row]) } ?? start + row
      for column in 0..<columns {
        let pixel = pixelTables[operation.pixels.identifier][source * columns + column]
        output[row * columns + column] = Double(pixel) / 255
      }
    }
  }

  public func run(_ operation: Binarize, start: Int, noise: Noise) {
    operation.check(start: start)
    let (columns, images) = (operation.images.columns, elements(of: operation.images))
    for index in 0..<images.count {
      let position = start + index / columns
      let example = operation.order.map { Int(indexTables[$0.identifier][position]) } ?? position
      let level = UInt8((images[index] * 255).rounded())
      let word = noise.word(4 * Binarize.blocks(columns: columns) * example + index % columns)
      images[index] = Binarize.isWhite(level, word: word) ? 1 : 0
    }
  }

  public func run(_ operation: CopyColumns) {
    let (input, output) = (elements(of: operation.input), elements(of: operation.output))
    for row in 0..<operation.input.rows {
      for (index, column) in operation.columns.enumerated() {
        output[row * operation.output.columns + operation.position + index] =
          input[row * operation.input.columns + column]
      }
    }
  }

  public func run(_ operation: RandomFill, noise: Noise) {
    let output = elements(of: operation.output)
    for index in 0..<output.count {
      output[index] =
        switch operation.distribution {
        case .normal: noise.normal(index)
        case .uniform: Double(noise.word(index) >> 8) * 0x1p-24
        case .words: Double((noise.word(index / 2) >> (index % 2 == 0 ? 0 : 16)) & 0xFFFF)
        }
    }
  }
}
