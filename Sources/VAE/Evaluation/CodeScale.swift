/// Where codes lie in each latent dimension, and how widely: the measure of steps through the latent space.
public struct CodeScale: Equatable, Sendable {
  /// Mean of each dimension.
  public let means: [Double]
  /// Standard deviation of each dimension.
  public let deviations: [Double]

  /// The prior's, N(0, I).
  public static func prior(latent: Int) -> CodeScale {
    CodeScale(
      means: Array(repeating: 0, count: latent), deviations: Array(repeating: 1, count: latent))
  }

  /// That of codes for the model that made them: the prior's, or, of a plain autoencoder, whose codes no prior
  /// holds, their own over the images.
  public init(of codes: Codes) {
    guard codes.logVariances == nil else {
      self = .prior(latent: codes.latent)
      return
    }
    means = codes.averages
    deviations = codes.meanVariances.map { $0.squareRoot() }
  }

  private init(means: [Double], deviations: [Double]) {
    self.means = means
    self.deviations = deviations
  }
}
