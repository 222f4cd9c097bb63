import Foundation

/// A sequence of host-side random numbers read one after the other: initial weights, shuffles and
/// the built-in data set.
public struct RandomNumbers: RandomNumberGenerator, Sendable {
  private let noise: Noise
  private var block = 0
  private var words = SIMD4<UInt32>()
  private var used = 4

  /// Reads `noise` from its first element.
  public init(_ noise: Noise) { self.noise = noise }

  /// The next 32-bit word.
  public mutating func nextWord() -> UInt32 {
    if used == 4 {
      words = noise.words(block: block)
      block += 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// The next 64-bit word: two 32-bit words, the first one low.
  public mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return UInt64(nextWord()) << 32 | low
  }

  /// A number in [0, 1), a multiple of 2⁻²⁴.
  public mutating func uniform() -> Double { Double(nextWord() >> 8) * 0x1p-24 }

  /// A number in [`range.lowerBound`, `range.upperBound`).
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A draw from N(0, 1).
  public mutating func normal() -> Double {
    let (first, second) = (nextWord(), nextWord())
    return BoxMuller.normals(first, second).0
  }

  /// A permutation of `0 ..< count` (Fisher and Yates; Durstenfeld 1964), as 32-bit indices.
  public mutating func permutation(count: Int) -> [UInt32] {
    var order = (0..<UInt32(count)).map { $0 }
    for last in stride(from: count - 1, to: 0, by: -1) {
      // A 32-bit word scaled to 0...last; the bias is below (last + 1)/2³².
      let chosen = Int((UInt64(nextWord()) * UInt64(last + 1)) >> 32)
      order.swapAt(last, chosen)
    }
    return order
  }
}

/// The transform of Box and Muller (1958): two uniform words become two independent normals.
public enum BoxMuller {
  /// The normals of two words, in `Double`.
  ///
  /// u₁ = (⌊w₁/2⁸⌋ + 1)·2⁻²⁴ in (0, 1] and u₂ = ⌊w₂/2⁸⌋·2⁻²⁴ in [0, 1) are exact in single precision, so
  /// that a backend's result differs from this one by its functions' rounding alone:
  /// √(−2 ln u₁)·(cos 2πu₂, sin 2πu₂).
  public static func normals(_ first: UInt32, _ second: UInt32) -> (Double, Double) {
    let radius = (-2 * log(Double((first >> 8) + 1) * 0x1p-24)).squareRoot()
    // The angle is reduced by quarter turns, exactly, before it meets π.
    let turn = Double(second >> 8) * 0x1p-24
    let quarter = (4 * turn).rounded(.toNearestOrEven)
    let angle = 2 * Double.pi * (turn - quarter / 4)
    let (cosine, sine) = (cos(angle), sin(angle))
    switch Int(quarter) % 4 {
    case 0: return (radius * cosine, radius * sine)
    case 1: return (-radius * sine, radius * cosine)
    case 2: return (-radius * cosine, -radius * sine)
    default: return (radius * sine, -radius * cosine)
    }
  }
}

extension Noise {
  /// The word of element `index`, counted from `firstElement`.
  public func word(_ index: Int) -> UInt32 { words(block: index / 4)[index % 4] }

  /// The normal of element `index`, counted from `firstElement`.
  public func normal(_ index: Int) -> Double {
    let words = words(block: index / 4)
    let pair =
      index % 4 < 2 ? BoxMuller.normals(words.x, words.y) : BoxMuller.normals(words.z, words.w)
    return index % 2 == 0 ? pair.0 : pair.1
  }
}
