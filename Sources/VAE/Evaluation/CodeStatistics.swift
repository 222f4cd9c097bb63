import Backend

/// Sums over the posteriors of a data set, per latent dimension, in `Double`.
struct CodeStatistics {
  /// The variance of a dimension's posterior mean from which on it counts as active (Burda et al. 2016,
  /// section 5).
  private static let activeVariance = 0.01

  private let latent: Int
  /// `nil` for a plain autoencoder, whose heads are means alone.
  private let posterior: Posterior?
  private var count = 0.0
  /// The average of each dimension's posterior mean over the images.
  private(set) var means: [Double]
  private var squares: [Double]
  private var divergenceSums: [Double]

  /// - Parameter posterior: what the heads say of the spread; `nil` where they say nothing.
  init(latent: Int, posterior: Posterior?) {
    self.latent = latent
    self.posterior = posterior
    means = Array(repeating: 0, count: latent)
    squares = means
    divergenceSums = posterior == nil ? [] : means
  }

  /// Those of `model`'s posteriors.
  init(_ model: ModelConfiguration) {
    self.init(
      latent: model.latent,
      posterior: model.encoderForm == .deterministic ? nil : model.posterior)
  }

  /// Adds a batch of heads, M×2L or M×L (Welford's update of mean and variance).
  mutating func add(heads: [Float]) {
    for row in stride(from: 0, to: heads.count, by: posterior == nil ? latent : 2 * latent) {
      count += 1
      for dimension in 0..<latent {
        let mean = Double(heads[row + dimension])
        let change = mean - means[dimension]
        means[dimension] += change / count
        squares[dimension] += change * (mean - means[dimension])
        if let posterior {
          divergenceSums[dimension] += posterior.divergence(
            mean: mean, spread: Double(heads[row + latent + dimension]))
        }
      }
    }
  }

  /// Each dimension's KL divergence from N(0, 1) in nats, averaged over the images; none for a plain
  /// autoencoder.
  var divergences: [Double] { divergenceSums.map { $0 / count } }
  /// The variance of each dimension's posterior mean over the images.
  var variances: [Double] { squares.map { $0 / count } }
  /// Whether each dimension is active.
  var isActive: [Bool] { variances.map { $0 > Self.activeVariance } }
}

extension Codes {
  private var statistics: CodeStatistics {
    var statistics = CodeStatistics(
      latent: latent, posterior: logVariances == nil ? nil : .logVariance)
    statistics.add(heads: rows)
    return statistics
  }

  /// The KL divergence of each dimension from N(0, 1) in nats, averaged over the images,
  /// ½·(μ² + σ² − ln σ² − 1): L numbers; none for a plain autoencoder.
  public var klPerDimension: [Double] { statistics.divergences }

  /// The average of each dimension's posterior mean over the images: L numbers.
  var averages: [Double] { statistics.means }

  /// The variance of each dimension's posterior mean over the images: L numbers.
  public var meanVariances: [Double] { statistics.variances }

  /// Whether each of the L dimensions is active; see `Evaluation.activeUnits`.
  public var isActive: [Bool] { statistics.isActive }
}
