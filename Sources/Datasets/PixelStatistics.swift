/// What a split's pixels are like: range, mean and deviation, where 0 is black and 1 white.
public struct PixelStatistics: Hashable, Sendable {
  /// The darkest and the brightest value, in 8 bits.
  public let least, most: UInt8
  /// The average.
  public let mean: Double
  /// The standard deviation.
  public let deviation: Double
}

extension ImageDataset.Split {
  /// Statistics over all pixels.
  public var statistics: PixelStatistics {
    var counts = [Int](repeating: 0, count: 256)
    for pixel in pixels { counts[Int(pixel)] += 1 }
    let total = Double(pixels.count)
    func average(_ value: (Double) -> Double) -> Double {
      counts.enumerated().reduce(0) { $0 + Double($1.element) * value(Double($1.offset) / 255) }
        / total
    }
    let mean = average { $0 }
    return PixelStatistics(
      least: UInt8(counts.firstIndex { $0 > 0 } ?? 0),
      most: UInt8(counts.lastIndex { $0 > 0 } ?? 0), mean: mean,
      deviation: average { ($0 - mean) * ($0 - mean) }.squareRoot())
  }

  /// How many images each label has; empty without labels.
  public var labelCounts: [Int: Int] {
    (labels ?? []).reduce(into: [:]) { $0[Int($1), default: 0] += 1 }
  }
}
