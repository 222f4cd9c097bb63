import BLASBackend
import Backend
import Foundation
import ReferenceBackend
import Testing
import VAE

/// A model whose ln p(x), and whose posterior, are known in closed form (Tipping and Bishop 1999): the decoder
/// linear with orthogonal columns W, the likelihood a Gaussian of fixed variance s².
///
/// x ~ N(½, WWᵀ + s²I); the posterior is N(Λ⁻¹Wᵀ(x − ½)/s², Λ⁻¹) with the diagonal Λ = I + WᵀW/s². The
/// decoder's mean is σ(a) = ½ + a/4 − a³/48 + …: at |a| ≤ 0.03 linear to 10⁻⁶, a thousandth of s.
@Suite struct LinearGaussianTests {
  private static let variance = 4e-6
  private static let columns = [[0.003, 0.002, -0.003, -0.002], [0.002, -0.003, 0.002, -0.003]]
  private static let precisions = columns.map { 1 + dot($0, $0) / variance }
  private static let configuration = ModelConfiguration(
    imageWidth: 2, imageHeight: 2, encoder: [], latent: 2, decoder: [], likelihood: .gaussian,
    variance: variance)

  /// Every image of the two greys next to ½.
  private static let images = (0..<16).map { image in
    (0..<4).map { UInt8(127 + (image >> $0) % 2) }
  }

  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// ln p(x), by the determinant and the inverse of WWᵀ + s²I for orthogonal columns.
  private static func logDensity(_ image: [UInt8]) -> Double {
    let distance = image.map { Double($0) / 255 - 0.5 }
    var exponent = dot(distance, distance) / variance
    var logDeterminant = 4 * log(variance)
    for (column, precision) in zip(columns, precisions) {
      let projection = dot(column, distance)
      exponent -= projection * projection / (variance * variance * precision)
      logDeterminant += log(precision)
    }
    return -0.5 * (exponent + logDeterminant + 4 * log(2 * Double.pi))
  }

  /// The model with its true posterior, its mean moved by `shift` and its variance `factor` times as large.
  private func model(
    on backend: any Backend, _ workspace: Workspace = Workspace(codes: 2048, hasCodeGradient: true),
    shift: Double = 0, factor: Double = 1, optimizer: Optimizer? = nil
  ) throws -> VariationalAutoencoder {
    let model = try VariationalAutoencoder(
      Self.configuration, on: backend, capacity: 16, workspace: workspace, optimizer: optimizer)
    let (columns, precisions) = (Self.columns, Self.precisions)
    let means = zip(columns, precisions).map { column, precision in
      column.map { $0 / (Self.variance * precision) }
    }
    try model.setParameters(
      try model.parameters().map { array in
        let values: [Double] =
          switch array.name {
          case "output.weight": (0..<4).flatMap { pixel in columns.map { 4 * $0[pixel] } }
          case "mean.weight": means.flatMap { $0 }
          case "mean.bias": means.map { shift - 0.5 * $0.reduce(0, +) }
          case "log_variance.bias": precisions.map { log(factor / $0) }
          default: Array(repeating: 0, count: array.values.count)
          }
        return NamedArray(name: array.name, shape: array.shape, values: values.map { Float($0) })
      })
    return model
  }

  private func table(_ backend: any Backend) throws -> PixelTable {
    try backend.makePixelTable(Self.images.flatMap { $0 }, columns: 4)
  }

  @Test func withTheTruePosteriorEveryDrawKnowsTheAnswer() throws {
    let model = try model(on: ReferenceBackend())
    let estimate = try model.logLikelihood(table(model.backend), draws: 200, seed: 1)
    for (index, image) in Self.images.enumerated() {
      let expected = Self.logDensity(image)
      #expect(abs(estimate.logLikelihoods[index] - expected) < 1e-3)
      #expect(abs(estimate.bounds[index] - expected) < 1e-3)
      #expect(estimate.effectiveDraws[index] > 199.9)
    }
  }

  @Test func boundIsBelowAndTheEstimateWithinItsError() throws {
    for backend in [ReferenceBackend(), BLASBackend()] as [any Backend] {
      let draws = backend is BLASBackend ? 20_000 : 2000
      let model = try model(on: backend, factor: 2.25)
      let estimate = try model.logLikelihood(table(backend), draws: draws, seed: 1)
      // KL(q ‖ posterior) of two dimensions.
      let missing = 2.25 - 1 - log(2.25)
      for (index, image) in Self.images.enumerated() {
        let expected = Self.logDensity(image)
        let variance = 1 / estimate.effectiveDraws[index] - 1 / Double(draws)
        #expect(abs(estimate.logLikelihoods[index] - expected) < 3 * variance.squareRoot() + 1e-3)
        #expect(estimate.bounds[index] < expected)
        // ½(2.25 − 1)·ε² − … varies by 1.25/√2·√2 a draw.
        #expect(
          abs(estimate.bounds[index] + missing - expected) < 4 * 1.25 / Double(draws).squareRoot())
      }
    }
  }

  @Test func refiningFindsTheTruePosterior() throws {
    let model = try model(on: BLASBackend(), shift: 0.5, factor: 2.25)
    let refinement = try model.refine(
      table(model.backend), RefinementSettings(steps: 1500, draws: 4096, seed: 2))
    for (index, image) in Self.images.enumerated() {
      // A draw's reconstruction varies by about 1, the mean of 4096 by 1/64.
      #expect(abs(refinement.refined[index] - Self.logDensity(image)) < 4.0 / 64)
      #expect(refinement.regrets[index] > 0.3)
      for dimension in 0..<2 {
        let spread = Double(refinement.heads[4 * index + 2 + dimension])
        #expect(abs(spread + log(Self.precisions[dimension])) < 0.15)
      }
    }
  }

  /// −ELBO = KL(q ‖ posterior) − ln p(x): dμ = Λ(μ − m), dγ = ½(Λe^γ − 1). A draw's dμ varies by Λσ, its dγ
  /// by ½(Λσ²·(ε² − 1) + Λσ·(μ − m)·ε).
  @Test func gradientIsThatOfTheClosedForm() throws {
    let (shift, factor, samples) = (0.3, 2.25, 4096)
    let backend = BLASBackend()
    let training = TrainingConfiguration(
      batchSize: 16, optimizer: .sgd(momentum: 0), bound: .evidence(samples: samples))
    let model = try model(
      on: backend, training.workspace(batch: 16), shift: shift, factor: factor,
      optimizer: training.optimizer)
    let step = TrainingStep(
      model.plan, rows: 16, optimizer: training.optimizer, bound: training.bound)
    step.pass.gather(try table(backend), start: 0, on: backend)
    step.run(
      on: backend, noise: Noise(seed: 3, stream: .reparameterization), beta: 1, learningRate: 0,
      step: 1, slot: 0)
    let arena = try #require(model.plan.training)
    let gradients = Dictionary(
      uniqueKeysWithValues: arena.gradients.arrays(
        from: try backend.download(arena.gradients.region)
      ).map { ($0.name, $0.values) })
    let root = Double(16 * samples).squareRoot()
    for (dimension, precision) in Self.precisions.enumerated() {
      let deviation = (factor * precision).squareRoot()
      let mean = Double(try #require(gradients["mean.bias"])[dimension])
      #expect(abs(mean - precision * shift) < 4 * deviation / root)
      let spread = Double(try #require(gradients["log_variance.bias"])[dimension])
      let error = 0.5 * (2 * factor * factor + deviation * deviation * shift * shift).squareRoot()
      #expect(abs(spread - 0.5 * (factor - 1)) < 4 * error / root)
    }
  }
}
