import Backend
import Foundation
import Statistics
import VAE

extension Codes {
  /// The posteriors' means, one row an image.
  public var meanMatrix: Matrix { Matrix(columns: latent, means) }

  /// One draw z = μ + σ·ε of each image's posterior, one row an image: draws of the aggregate posterior
  /// q(z) = E_x[q(z|x)]. The ε are those of an evaluation with this seed. A plain autoencoder's are its
  /// means.
  public func draws(seed: UInt64) -> Matrix {
    guard let logVariances else { return meanMatrix }
    var normals = NormalSequence(Noise(seed: seed, stream: .evaluation))
    let epsilon = normals.next(means.count)
    return Matrix(
      rows: count, columns: latent,
      values: means.indices.map { index in
        Double(means[index]) + exp(0.5 * Double(logVariances[index])) * epsilon[index]
      })
  }

  /// The Gaussian with the aggregate posterior's mean and covariance: the covariance of the means plus
  /// the mean of the variances.
  ///
  /// Its KL divergence from the prior N(0, I) is at most that of the aggregate posterior itself, which is
  /// E[−ln p(z)], the same for both, less the entropy, which of all distributions with this mean and
  /// covariance the Gaussian has most of.
  ///
  /// - Throws: `StatisticsError.notPositiveDefinite` where some direction has no variance at all, as an
  ///   autoencoder without a posterior's variance may have one; `tooManyDimensions` or `notFinite`.
  public func aggregatePosterior() throws(StatisticsError) -> MultivariateNormal {
    let moments = try Moments(meanMatrix)
    var covariance = try moments.covariance()
    var variances = [Double](repeating: 0, count: latent)
    for (index, logVariance) in (logVariances ?? []).enumerated() {
      variances[index % latent] += exp(Double(logVariance))
    }
    for dimension in 0..<latent {
      covariance[dimension, dimension] += variances[dimension] / Double(count)
    }
    return try MultivariateNormal(mean: moments.mean, covariance: covariance)
  }

  /// KL of the Gaussian `aggregatePosterior` from the prior N(0, I), in nats.
  ///
  /// - Throws: as `aggregatePosterior`.
  public func aggregateDivergence() throws(StatisticsError) -> Double {
    try aggregatePosterior().divergence(to: .standard(dimensions: latent))
  }
}
