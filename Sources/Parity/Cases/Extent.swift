/// How much `checkBackend` tries.
public enum Extent: String, Codable, Sendable, CaseIterable {
  /// Every operation at shapes around the edges of vectors and tiles, on ordinary data: for
  /// simulators that watch memory accesses, to which every instruction costs time and memory.
  case tiny
  /// Those and sums of many terms, on every kind of data.
  case small
  /// Those, and every matrix of the two presets once: for the tests.
  case quick
  /// Those, and some hundred more shapes and every operation at the presets' short last batches.
  case full
}

extension Extent {
  /// Sizes around those of vectors and tiles, with nothing and one.
  var edges: [Int] {
    let small = [
      0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129,
    ]
    return self == .tiny ? small : small + [255, 257]
  }

  /// Those that a dense layer's matrices are given: the largest tile is of 64.
  var tileEdges: [Int] { edges.filter { (1...(self == .tiny ? 65 : 129)).contains($0) } }

  /// What the inputs are made of. No access depends on it.
  var kinds: [DataKind] { self == .tiny ? [.ordinary] : DataKind.allCases }

  /// Whether there are sums of thousands of terms.
  var hasLongSums: Bool { self != .tiny }

  /// Whether the presets' matrices are among the shapes.
  var hasPresets: Bool { self == .quick || self == .full }
}
