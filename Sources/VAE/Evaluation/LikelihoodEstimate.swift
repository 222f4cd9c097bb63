import Backend
import Foundation

/// ln p(x) of some images (of a conditional model ln p(x|y)), estimated by importance sampling (Burda et al.
/// 2016; Rezende et al. 2014, appendix D): ln(1/K·Σ p(x|z)·p(z)/q(z|x)) over K draws z ~ q(z|x).
///
/// In expectation each is a lower bound of ln p(x), the tighter the larger K; with K = 1 it is the ELBO.
public struct LikelihoodEstimate: Hashable, Sendable {
  /// Draws of z an image: K.
  public let draws: Int
  /// Numbers of an image: pixels times channels.
  public let dimensions: Int
  /// What p(x|z) is.
  public let likelihood: Likelihood
  /// ln p(x) of each image, in nats.
  public let logLikelihoods: [Double]
  /// The mean of the K draws' log-weights of each image: its ELBO, from the very same draws.
  public let bounds: [Double]
  /// (Σ w)²/Σ w² of each image's weights: near K where q(z|x) is the posterior, near 1 where one draw
  /// decides all.
  public let effectiveDraws: [Double]
  /// The bound that k draws give, for k = 1, 10, 100, … and K, averaged over the images and over as many
  /// disjoint groups of k draws as there are.
  public let curve: [CurvePoint]

  /// A point of the curve.
  public struct CurvePoint: Codable, Hashable, Sendable {
    /// Draws of an image.
    public let draws: Int
    /// −ln p(x) in nats an image, from above.
    public let negativeLogLikelihood: Double
  }

  /// −ln p(x), averaged over the images, in nats.
  public var negativeLogLikelihood: Double { -SampleMean(logLikelihoods).mean }
  /// The standard error of that average, the images being a sample.
  public var standardError: Double { SampleMean(logLikelihoods).standardError }
  /// −ELBO, averaged over the images, in nats.
  public var negativeBound: Double { -SampleMean(bounds).mean }
  /// −log₂ p(x) a pixel and channel; of a Gaussian a density's, of x in [0, 1].
  public var bitsPerDimension: Double {
    negativeLogLikelihood / (Double(dimensions) * log(2.0))
  }
  /// The same of pixels in 0…255, log₂ 255 more: the figure by which densities of 8-bit images are commonly
  /// compared. `nil` where the likelihood is no density.
  public var bitsPerLevel: Double? {
    switch likelihood {
    case .bernoulli, .squaredError: nil
    case .gaussian, .gaussianLearned, .gaussianDiagonal: bitsPerDimension + log2(255)
    }
  }
  /// The effective number of draws, averaged over the images.
  public var meanEffectiveDraws: Double { SampleMean(effectiveDraws).mean }
  /// The smallest of any image.
  public var leastEffectiveDraws: Double { effectiveDraws.min() ?? 0 }
}
