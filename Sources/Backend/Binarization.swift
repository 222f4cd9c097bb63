/// How grey pixels become black or white: each is white with its intensity for a probability (Salakhutdinov
/// and Murray 2008).
public enum Binarization: String, CaseIterable, Codable, Sendable {
  /// Drawn once, the same in every epoch.
  case `static`
  /// The training set anew in each epoch (Burda et al. 2016), the test set once.
  case dynamic
}

extension Binarization {
  /// Which images.
  public enum Split: Sendable {
    case train
    case test
  }

  /// The draws of an image set that is binarized once. Two sets share none.
  public static func fixedNoise(_ split: Split, seed: UInt64) -> Noise {
    Noise(seed: seed, stream: .binarization, step: split == .train ? 0 : 1 << 32)
  }

  /// The draws of the training set in epoch `epoch`, counted from 0.
  public func trainingNoise(epoch: Int, seed: UInt64) -> Noise {
    switch self {
    case .static: Self.fixedNoise(.train, seed: seed)
    case .dynamic: Noise(seed: seed, stream: .binarization, step: UInt64(epoch) + 1)
    }
  }

  /// `pixels`, rows of `columns`, drawn once: bit for bit what `Binarize` makes of them.
  public static func draw(_ pixels: [UInt8], columns: Int, noise: Noise) -> [UInt8] {
    let blocks = Binarize.blocks(columns: columns)
    return [UInt8](unsafeUninitializedCapacity: pixels.count) { drawn, count in
      for start in stride(from: 0, to: pixels.count, by: columns) {
        for block in 0..<blocks {
          let words = noise.words(block: start / columns * blocks + block)
          for column in 4 * block..<min(4 * block + 4, columns) {
            let isWhite = Binarize.isWhite(pixels[start + column], word: words[column % 4])
            drawn.initializeElement(at: start + column, to: isWhite ? 255 : 0)
          }
        }
      }
      count = pixels.count
    }
  }
}
