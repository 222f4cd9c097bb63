/// How many samples fall into each of some equal bins.
public struct BinCounts: Equatable, Sendable, Codable {
  /// Where the first bin begins.
  public let lower: Double
  /// Where the last bin ends.
  public let upper: Double
  /// Samples in each bin [aᵢ, aᵢ₊₁); those at or beyond the ends are in the first and last bin.
  public let counts: [Int]

  /// Counts `samples`, none of which is NaN, in `bins` bins from `lower` to `upper`.
  public init(_ samples: [Double], bins: Int, from lower: Double, to upper: Double) {
    precondition(bins > 0 && lower < upper, "bins between two bounds")
    var counts = [Int](repeating: 0, count: bins)
    for sample in samples {
      let position = (sample - lower) / (upper - lower) * Double(bins)
      counts[Int(min(max(position, 0), Double(bins - 1)))] += 1
    }
    self.lower = lower
    self.upper = upper
    self.counts = counts
  }
}
