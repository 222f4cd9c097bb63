import Backend

/// Standard normals read one after the other: those that a backend's `RandomFill` writes, in `Double`.
public struct NormalSequence: Sendable {
  private var words: RandomNumbers
  private var second: Double?

  /// Reads `noise` from its first element.
  public init(_ noise: Noise) { words = RandomNumbers(noise) }

  /// The next `count` normals.
  public mutating func next(_ count: Int) -> [Double] { (0..<count).map { _ in next() } }

  private mutating func next() -> Double {
    if let second {
      self.second = nil
      return second
    }
    let pair = (words.nextWord(), words.nextWord())
    let normals = BoxMuller.normals(pair.0, pair.1)
    second = normals.1
    return normals.0
  }
}
