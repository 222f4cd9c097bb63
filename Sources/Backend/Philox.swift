/// Philox4x32-10, the counter-based random number generator of Salmon, Moraes, Dror and Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3" (SC'11).
///
/// A block of four 32-bit words is a function of a counter and a key alone. Nothing is kept between
/// calls, so every backend, and every order of work, draws the same numbers.
public enum Philox {
  /// One block: ten rounds on `counter` under `key`.
  @inlinable
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for round in 0..<10 {
      if round > 0 { key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
      let first = UInt64(0xD251_1F53) * UInt64(counter.x)
      let second = UInt64(0xCD9E_8D57) * UInt64(counter.z)
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.x,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.y,
        UInt32(truncatingIfNeeded: first))
    }
    return counter
  }
}

/// What a random number is drawn for. Streams never share a number under the same seed.
public enum RandomStream: UInt32, Sendable, CaseIterable {
  /// Initial weights.
  case initialization = 0
  /// The order of the examples within an epoch.
  case shuffling = 1
  /// ε of z = μ + σ·ε while training.
  case reparameterization = 2
  /// Grey pixels drawn to black or white.
  case binarization = 3
  /// z ~ N(0, I), decoded to new images.
  case priorSamples = 4
  /// Noise added to the input of a denoising model.
  case corruption = 5
  /// ε while evaluating.
  case evaluation = 6
  /// The built-in data set.
  case dataset = 7
  /// Which component of a mixture is drawn, and where a mixture's fit starts.
  case mixture = 8
  /// ε of the draws that estimate ln p(x), or refine a posterior.
  case inference = 9
}

/// Names a sequence of random numbers: element `i` of it depends on nothing but these fields and `i`.
///
/// The key is the seed; the counter is (`i` ÷ 4, step's low half, step's high half, stream), and
/// `i` mod 4 chooses the word of the block.
public struct Noise: Hashable, Sendable {
  /// The run's seed.
  public var seed: UInt64
  /// What the numbers are for.
  public var stream: RandomStream
  /// Which draw of the stream: the training step, or the sample's number.
  public var step: UInt64
  /// Index of the sequence's first element to use; a multiple of four, so that blocks stay whole.
  public var firstElement: Int

  /// The sequence of `stream` under `seed` at `step`, from `firstElement` on.
  public init(seed: UInt64, stream: RandomStream, step: UInt64 = 0, firstElement: Int = 0) {
    precondition(
      firstElement >= 0 && firstElement % 4 == 0, "noise starts at a whole block of four")
    self.seed = seed
    self.stream = stream
    self.step = step
    self.firstElement = firstElement
  }

  /// The generator's key.
  @inlinable public var key: SIMD2<UInt32> {
    SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }

  /// The counter of the block that holds elements `4·block ..< 4·block + 4` of the sequence, counted
  /// from its very beginning.
  @inlinable public func counter(block: Int) -> SIMD4<UInt32> {
    SIMD4(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: step),
      UInt32(truncatingIfNeeded: step >> 32), stream.rawValue)
  }

  /// The four words at elements `firstElement + 4·block` and following.
  @inlinable public func words(block: Int) -> SIMD4<UInt32> {
    Philox.block(counter: counter(block: firstElement / 4 + block), key: key)
  }
}
