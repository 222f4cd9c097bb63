import BLASBackend
import Backend
import Foundation
import ReferenceBackend
import Testing
import VAE

@Suite struct LikelihoodTests {
  /// One latent dimension, so that ln p(x) is an integral over a line.
  private static let line = ModelConfiguration(
    imageWidth: 4, imageHeight: 3, encoder: [], latent: 1, decoder: [])

  private func model(
    _ configuration: ModelConfiguration, on backend: any Backend = ReferenceBackend(),
    _ workspace: Workspace, capacity: Int = 512
  ) throws -> VariationalAutoencoder {
    let model = try VariationalAutoencoder(
      configuration, on: backend, capacity: capacity, workspace: workspace)
    model.initialize(.kaimingUniform, seed: 2)
    return model
  }

  /// ln ∫ p(x|z)·N(z; 0, 1) dz by the rule of trapezoids, which for a smooth integrand that vanishes at
  /// both ends is as exact as its sums.
  private func integral(_ pixels: ArraySlice<UInt8>, weights: [Float], biases: [Float]) -> Double {
    let step = 0.01
    var sum = LogMeanExponential()
    for index in -1200...1200 {
      let z = Double(index) * step
      var logDensity = -z * z / 2 - log(2 * Double.pi) / 2
      for (pixel, (weight, bias)) in zip(pixels, zip(weights, biases)) {
        logDensity -= Likelihood.bernoulli.loss(
          logit: Double(weight) * z + Double(bias), target: Double(pixel) / 255)
      }
      sum.add(logDensity)
    }
    return sum.value + log(step * 2401)
  }

  @Test func estimateIsTheIntegral() throws {
    let model = try model(Self.line, Workspace(codes: 2048))
    try model.setParameters(
      try model.parameters().map { array in
        // A decoder that says much of z, and an encoder that knows little of it.
        array.name == "output.weight"
          ? NamedArray(
            name: array.name, shape: array.shape, values: array.values.map { 2 * $0 }) : array
      })
    let bytes = smallImages(count: 12)
    let images = try model.backend.makePixelTable(bytes, columns: Self.line.pixels)
    let estimate = try model.logLikelihood(images, draws: 2000, seed: 4)
    let parameters = Dictionary(
      uniqueKeysWithValues: try model.parameters().map { ($0.name, $0.values) })
    let (weights, biases) = (
      try #require(parameters["output.weight"]), try #require(parameters["output.bias"])
    )
    for index in 0..<images.rows {
      let pixels = bytes[index * Self.line.pixels..<(index + 1) * Self.line.pixels]
      let expected = integral(pixels, weights: weights, biases: biases)
      // A mean of K weights has the relative variance 1/ESS − 1/K.
      let error = (1 / estimate.effectiveDraws[index] - 1 / 2000).squareRoot()
      #expect(error < 0.1)
      #expect(abs(estimate.logLikelihoods[index] - expected) < 4 * error)
      #expect(estimate.bounds[index] < expected)
    }
  }

  /// Groups of k draws that groups of 10·k consist of: the curve cannot rise, whatever the draws.
  @Test func moreDrawsTightenTheBound() throws {
    let model = try model(smallModel, on: BLASBackend(), Workspace(codes: 512))
    let images = try model.backend.makePixelTable(
      smallImages(count: 20), columns: smallModel.pixels)
    let estimate = try model.logLikelihood(images, draws: 1000, seed: 4)
    #expect(estimate.curve.map { $0.draws } == [1, 10, 100, 1000])
    let losses = estimate.curve.map { $0.negativeLogLikelihood }
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 })
    #expect(abs(losses[0] - estimate.negativeBound) < 1e-9)
    #expect(abs(losses[3] - estimate.negativeLogLikelihood) < 1e-9)
    // One draw's bound is the ELBO, whose KL term the evaluation has in closed form.
    let loss = try model.evaluate(images, samples: 200, seed: 9).loss
    #expect(abs(loss - estimate.negativeBound) < 0.02)
    #expect(
      abs(estimate.bitsPerDimension - losses[3] / 12 / log(2.0)) < 1e-12
        && estimate.standardError > 0)
    #expect(estimate.leastEffectiveDraws >= 1 && estimate.meanEffectiveDraws <= 1000)
  }

  @Test(arguments: Posterior.allCases) func firstImagesHaveTheSameDraws(posterior: Posterior) throws
  {
    var configuration = smallModel
    configuration.posterior = posterior
    let model = try model(configuration, Workspace(codes: 64))
    let images = try model.backend.makePixelTable(
      smallImages(count: 9), columns: smallModel.pixels)
    for draws in [1, 7, 150] {
      let all = try model.logLikelihood(images, draws: draws).logLikelihoods
      #expect(all.allSatisfy { $0.isFinite })
      #expect(
        try model.logLikelihood(images, rows: 0..<4, draws: draws).logLikelihoods
          == Array(all[..<4]))
    }
  }

  @Test func squaredErrorHasNoLikelihood() throws {
    var configuration = smallModel
    configuration.likelihood = .squaredError
    let model = try model(configuration, Workspace(codes: 64))
    let images = try model.backend.makePixelTable(
      smallImages(count: 1), columns: smallModel.pixels)
    #expect(throws: InferenceError.notADensity(.squaredError)) {
      try model.logLikelihood(images, draws: 10)
    }
  }

  @Test func meanOfExponentialsIsStable() {
    var mean = LogMeanExponential()
    for number: Double in [-2000, -Double.infinity, -2000, -2000 + log(2.0)] { mean.add(number) }
    #expect(abs(mean.value + 2000) < 1e-12)
    #expect(abs(mean.effectiveCount - 16 / 6) < 1e-12)
    var nothing = LogMeanExponential()
    nothing.add(-Double.infinity)
    #expect(nothing.value == -Double.infinity)
    nothing.add(3000)
    #expect(nothing.value == 3000 - log(2.0))
  }
}
