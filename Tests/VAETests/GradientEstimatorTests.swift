import BLASBackend
import Backend
import Testing
import VAE

@Suite struct GradientEstimatorTests {
  /// A linear decoder of one latent dimension that the code moves little: what is left of the cost's slope is
  /// z itself, and the variances can be worked out.
  @Test(arguments: Posterior.allCases) func varianceIsThatOfTheFormula(posterior: Posterior) throws
  {
    var configuration = smallModel
    (configuration.latent, configuration.decoder) = (1, [])
    configuration.posterior = posterior
    let draws = 2000
    let model = try VariationalAutoencoder(
      configuration, on: BLASBackend(),
      workspace: Workspace(codes: 4096, hasCodeGradient: true))
    // μ = ½, σ = 1 or γ = 0, a decoder that does not listen: r is constant.
    try model.setParameters(
      try model.parameters().map { array in
        let value: Float =
          array.name == "mean.bias" ? 0.5 : array.name == "sigma.bias" ? 1 : 0
        return NamedArray(
          name: array.name, shape: array.shape, values: array.values.map { _ in value })
      })
    let images = try model.backend.makePixelTable(
      smallImages(count: 12), columns: smallModel.pixels)
    let results = try model.gradientVariances(images, draws: draws, seed: 3)
    let variances = Dictionary(uniqueKeysWithValues: results.map { ($0.estimator, $0) })
    // In closed form nothing varies; drawn, dμ = z = ½ + ε.
    #expect(try #require(variances[.reparameterization]).variance < 1e-10)
    let drawn = try #require(variances[.drawnReparameterization])
    #expect(abs(drawn.meanVariances[0] - 1) < 0.05)
    // (c − b)·ε with c = r + ½(z² − ε²) = r + ⅛ + ½ε, r = 12·ln 2: E[(a + ½ε)²ε²] − E[(a + ½ε)ε]² =
    // a² + ¾ − ¼, a being 12·ln 2 + ⅛, or all but 0 with the baseline.
    let constant = 12 * 0.6931472 + 0.125
    let score = try #require(variances[.score])
    #expect(abs(score.meanVariances[0] / (constant * constant + 0.5) - 1) < 0.05)
    let baseline = try #require(variances[.scoreWithBaseline])
    #expect(abs(baseline.meanVariances[0] - 0.5) < 0.05)
    for result in results {
      // The mean gradient is ½ for μ, and 0 for the spread.
      #expect(abs(result.squaredMean - 0.25) < 0.2, "\(result.estimator)")
      #expect(
        result.variance == (result.meanVariances + result.spreadVariances).reduce(0, +))
    }
  }
}
