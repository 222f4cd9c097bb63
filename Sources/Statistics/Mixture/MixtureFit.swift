import Foundation

/// A mixture fitted to data by expectation and maximization (Dempster, Laird and Rubin 1977).
public struct MixtureFit: Equatable, Sendable {
  /// The mixture after the last iteration.
  public let mixture: GaussianMixture
  /// The data's mean log-likelihood in nats: of the start, then after each iteration. It never falls,
  /// but for rounding.
  public let logLikelihoods: [Double]
  /// Whether the last iteration gained less than the tolerance.
  public let hasConverged: Bool

  /// What ends a fit, and what keeps it from a single example.
  public struct Options: Sendable {
    /// The fit ends with an iteration that gains less: nats an example.
    public var tolerance = 1e-4
    /// It ends after so many anyway.
    public var maximumIterations = 200
    /// No component's variance, in any direction, is less than this part of the data's mean variance a
    /// dimension. Without a bound a component on a single example has an infinite likelihood.
    public var varianceFloor = 1e-6

    /// The defaults.
    public init() {}
  }

  /// Fits `components` Gaussians to the rows of `data`, from a start by k-means++.
  ///
  /// - Parameters:
  ///   - seed: of the start.
  ///   - progress: called with the log-likelihoods so far before each iteration.
  /// - Throws: `StatisticsError.tooFew`, `constant`, `notFinite` or `tooManyDimensions`.
  public init(
    _ data: Matrix, components count: Int, covariance: GaussianMixture.Covariance, seed: UInt64,
    options: Options = Options(), progress: ([Double]) throws -> Void = { _ in }
  ) throws {
    precondition(count > 0, "a mixture has a component")
    guard data.rows >= count else {
      throw StatisticsError.tooFew(count: data.rows, needed: count)
    }
    guard data.values.allSatisfy(\.isFinite) else {
      throw StatisticsError.notFinite(what: "a code")
    }
    let moments = try Moments(data)
    let spread = try moments.covariance()
    let variance =
      (0..<data.columns).reduce(0) { $0 + spread[$1, $1] } / Double(data.columns)
    guard variance > 0 else { throw StatisticsError.constant }
    let floor = options.varianceFloor * variance

    var mixture = try Self.start(
      data, count: count, covariance: covariance, seed: seed, origin: moments.mean, floor: floor)
    var logLikelihoods: [Double] = []
    var hasConverged = false
    while true {
      let (logLikelihood, next) = try Self.iterate(
        mixture, data, covariance: covariance, floor: floor)
      let gain = logLikelihoods.last.map { logLikelihood - $0 }
      logLikelihoods.append(logLikelihood)
      try progress(logLikelihoods)
      hasConverged = gain.map { $0 < options.tolerance } ?? false
      if hasConverged || logLikelihoods.count > options.maximumIterations { break }
      mixture = next
    }
    self.mixture = mixture
    self.logLikelihoods = logLikelihoods
    self.hasConverged = hasConverged
  }

  /// Each example belongs to its nearest centre alone.
  private static func start(
    _ data: Matrix, count: Int, covariance: GaussianMixture.Covariance, seed: UInt64,
    origin: [Double], floor: Double
  ) throws -> GaussianMixture {
    let assignments = ClusterStart(data, count: count, seed: seed).assignments
    var sums = Array(
      repeating: ComponentSums(covariance: covariance, origin: origin), count: count)
    for range in data.blocks {
      let block = data[rows: range]
      for cluster in 0..<count {
        sums[cluster].add(
          block, responsibilities: assignments[range].map { $0 == cluster ? 1 : 0 })
      }
    }
    // Fewer different examples than components leave some of these without any.
    return GaussianMixture(
      try sums.compactMap { try $0.component(total: data.rows, floor: floor) })
  }

  /// The mean log-likelihood of `mixture`, and the mixture after one E and one M step.
  ///
  /// A component that no example belongs to keeps its place and loses its weight, which leaves the
  /// likelihood as it is.
  private static func iterate(
    _ mixture: GaussianMixture, _ data: Matrix, covariance: GaussianMixture.Covariance,
    floor: Double
  ) throws -> (logLikelihood: Double, next: GaussianMixture) {
    let count = mixture.components.count
    var sums = mixture.components.map {
      ComponentSums(covariance: covariance, origin: $0.mean)
    }
    var logLikelihood = 0.0
    for range in data.blocks {
      let block = data[rows: range]
      var joint = mixture.jointLogDensities(block)
      for start in stride(from: 0, to: joint.count, by: count) {
        let evidence = logSumExp(joint[start..<start + count])
        logLikelihood += evidence
        for index in start..<start + count { joint[index] = exp(joint[index] - evidence) }
      }
      for index in 0..<count {
        sums[index].add(
          block,
          responsibilities: stride(from: index, to: joint.count, by: count).map { joint[$0] })
      }
    }
    let components = try zip(mixture.components, sums).map { component, sums in
      var unchanged = component
      unchanged.weight = sums.weight / Double(data.rows)
      return try sums.component(total: data.rows, floor: floor) ?? unchanged
    }
    return (logLikelihood / Double(data.rows), GaussianMixture(components))
  }
}
