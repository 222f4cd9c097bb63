import Foundation

/// One-dimensional samples beside the standard normal: moments and Kolmogorov–Smirnov distance.
public struct SampleSummary: Equatable, Sendable, Codable {
  /// Number of samples.
  public let count: Int
  /// Their mean; 0 for N(0, 1).
  public let mean: Double
  /// √m₂, with mₖ the k-th central moment, divided by the number of samples; 1 for N(0, 1).
  public let standardDeviation: Double
  /// m₃/m₂^{3/2}; 0 for a normal, and where nothing varies.
  public let skewness: Double
  /// m₄/m₂² − 3; 0 for a normal, and where nothing varies.
  public let excessKurtosis: Double
  /// D, the largest distance between the samples' distribution function and Φ.
  public let distance: Double
  /// The probability of as large a D from as many draws of N(0, 1), by Kolmogorov's limit with the
  /// correction of Stephens (1970): λ = (√n + 0.12 + 0.11/√n)·D.
  public let significance: Double

  /// The summary of `samples`.
  ///
  /// - Throws: `StatisticsError.tooFew` without samples, or `notFinite`.
  public init(_ samples: [Double]) throws(StatisticsError) {
    guard !samples.isEmpty else { throw .tooFew(count: 0, needed: 1) }
    guard samples.allSatisfy(\.isFinite) else { throw .notFinite(what: "a code") }
    let count = Double(samples.count)
    let mean = samples.reduce(0, +) / count
    func moment(_ order: Double) -> Double {
      samples.reduce(0) { $0 + pow($1 - mean, order) } / count
    }
    let variance = moment(2)
    self.count = samples.count
    self.mean = mean
    standardDeviation = variance.squareRoot()
    skewness = variance > 0 ? moment(3) / pow(variance, 1.5) : 0
    excessKurtosis = variance > 0 ? moment(4) / (variance * variance) - 3 : 0
    distance = Self.distance(samples.sorted())
    let root = count.squareRoot()
    significance = Self.kolmogorov((root + 0.12 + 0.11 / root) * distance)
  }

  /// As `Parity` computes it for itself, of ten million singles and without this module's LAPACK.
  private static func distance(_ sorted: [Double]) -> Double {
    let count = Double(sorted.count)
    return sorted.enumerated().reduce(0) { largest, sample in
      let (index, probability) = (Double(sample.offset), StandardNormal.cumulative(sample.element))
      return max(largest, probability - index / count, (index + 1) / count - probability)
    }
  }

  /// P(K > λ) = 2·Σ (−1)^{k−1}·e^{−2k²λ²}, or the same by the theta function's other series, which
  /// converges at once where λ is small.
  package static func kolmogorov(_ lambda: Double) -> Double {
    guard lambda > 0 else { return 1 }
    if lambda < 1 {
      let sum = (1...4).reduce(0.0) { sum, k in
        sum + exp(-pow(Double(2 * k - 1) * .pi / lambda, 2) / 8)
      }
      return 1 - (2 * Double.pi).squareRoot() / lambda * sum
    }
    return (1...6).reduce(0.0) { sum, k in
      sum + (k % 2 == 1 ? 2 : -2) * exp(-2 * pow(Double(k) * lambda, 2))
    }
  }
}
