import Backend

/// How much two ways to estimate the encoder's gradient vary: the gradient of −ELBO with respect to its
/// output, μ and spread, from one draw of z.
///
/// Both are right in the mean. Reparameterization (Kingma and Welling 2013) goes through z = μ + σ·ε, and so
/// knows how the decoder depends on z; the score function (log-derivative; Williams 1992, Ranganath et al.
/// 2014) has (c − b)·∇ln q(z|x), with the cost c = ln q(z|x) − ln p(x, z) of the draw alone.
public enum GradientEstimator: String, CaseIterable, Codable, Sendable {
  /// Through z, the KL term's gradient in closed form: what training takes.
  case reparameterization
  /// Through z and the densities of the very draw.
  case drawnReparameterization = "reparameterization, KL drawn"
  /// b = 0.
  case score = "score function"
  /// b is the mean cost of the image's other draws, which leaves the mean as it is (Kool et al. 2019).
  case scoreWithBaseline = "score function, baseline"
}

/// An estimator's variance at a model.
public struct EstimatorVariance: Hashable, Codable, Sendable {
  /// Which.
  public let estimator: GradientEstimator
  /// The variance of one draw's gradient, summed over μ and spread of all latent dimensions and averaged over
  /// the images; in nats² by the units of μ and the spread squared, as all of these.
  public let variance: Double
  /// The part of each dimension's μ: L numbers.
  public let meanVariances: [Double]
  /// The part of each dimension's spread, γ = ln σ² or σ as the head has it: L numbers.
  public let spreadVariances: [Double]
  /// The squared length of the mean gradient, averaged over the images, less what the draws' finite number
  /// adds to it.
  public let squaredMean: Double
}

extension VariationalAutoencoder {
  /// The estimators' variances at rows `range` (default: all) of `images`, which the encoder sees through the
  /// model's noise, if it has any. The model has been made with a `Workspace` with at least `draws` codes and
  /// with code gradients.
  ///
  /// - Parameters:
  ///   - draws: of z, of each image; at least two.
  ///   - seed: of the draws, and of the noise.
  ///   - report: told how many images are done.
  /// - Returns: an entry for each of `GradientEstimator.allCases`, in their order.
  /// - Throws: `InferenceError`, `ConditionError.labelsMissing`, or a `BackendError` that an operation left.
  public func gradientVariances(
    _ images: PixelTable, rows range: Range<Int>? = nil, draws: Int, seed: UInt64 = 0,
    report: (Int) -> Void = { _ in }
  ) throws -> [EstimatorVariance] {
    precondition(draws > 1, "a variance needs two draws")
    try checkPosterior(for: images)
    guard let codes = plan.workspace.codes, plan.workspace.hasCodeGradient, codes >= draws else {
      throw InferenceError.noWorkspace(
        for: "\(draws) draws of an image at once, and their gradients",
        needed: Workspace(codes: draws, hasCodeGradient: true))
    }
    let range = range ?? 0..<images.rows
    let together = min(codes / draws, capacity)
    var sums = GradientEstimator.allCases.map { _ in
      VarianceSum(components: 2 * configuration.latent)
    }
    for first in stride(from: range.lowerBound, to: range.upperBound, by: together) {
      let batch = first..<min(first + together, range.upperBound)
      let heads = try backend.download(
        encode(images, batch, configuration.corruption, seed: seed).head)
      let pass = DrawnGradients(plan, pass(rows: batch.count, draws: draws))
      let noise = Noise(seed: seed, stream: .inference, step: UInt64(first))
      let drawn = try pass.run(on: backend, noise: noise)
      for image in 0..<batch.count {
        let gradients = Gradients(
          image: image, draws: draws, head: heads.dropFirst(image * 2 * configuration.latent),
          drawn,
          posterior: configuration.posterior, noise: noise)
        for index in sums.indices {
          sums[index].add(gradients.means(of: GradientEstimator.allCases[index]))
        }
      }
      report(batch.upperBound - range.lowerBound)
    }
    return zip(GradientEstimator.allCases, sums).map { $1.result(for: $0) }
  }
}

/// The gradients of −ELBO with respect to the head of each draw's row.
struct DrawnGradients {
  private let pass: Pass
  private let draws: Draws
  private let decoder: DecoderGradient
  private let closed: ReparameterizeGradient
  private let drawn: SampledDivergenceGradient

  /// What a pass leaves, a row a draw.
  struct Result {
    /// By `reparameterization` and by `drawnReparameterization`: 2L numbers a draw, in nats.
    let closed: [Float]
    let drawn: [Float]
    /// ln q(z|x) − ln p(x, z) of each draw, in nats.
    let costs: [Double]
  }

  init(_ plan: GraphPlan, _ pass: Pass) {
    guard let draws = pass.draws, let buffers = plan.draws else {
      preconditionFailure("a pass with several draws")
    }
    self.pass = pass
    self.draws = draws
    let rows = 0..<pass.code.rows
    decoder = DecoderGradient(plan, pass, scale: 1)
    let codeGradient = decoder.codeGradient
    let headGradient = buffers.headGradient[rows: rows]
    let posterior = plan.configuration.posterior
    closed = ReparameterizeGradient(
      head: draws.head, posterior: posterior, codeGradient: codeGradient,
      headGradient: headGradient)
    drawn = SampledDivergenceGradient(
      head: draws.head, posterior: posterior, codeGradient: codeGradient,
      weights: Tensor(offset: buffers.weights.offset, rows: 1, columns: rows.count),
      headGradient: headGradient)
  }

  /// Runs the pass, whose encoder has run, forward and back.
  func run(on backend: any Backend, noise: Noise) throws -> Result {
    pass.drawCode(on: backend, noise: noise)
    pass.decoder.run(on: backend)
    backend.run(draws.divergence, noise: noise)
    decoder.run(on: backend)
    let losses = try backend.download(draws.losses).map(Double.init)
    backend.run(closed, noise: noise, klWeight: 1)
    let closed = try backend.download(self.closed.headGradient)
    backend.upload([Float](repeating: 1, count: drawn.weights.count), to: drawn.weights)
    backend.run(drawn, noise: noise)
    let count = draws.head.rows
    return Result(
      closed: closed, drawn: try backend.download(drawn.headGradient),
      costs: (0..<count).map { losses[$0] + losses[count + $0] })
  }
}

/// The gradients of one image's draws.
private struct Gradients {
  private let rows: Range<Int>
  private let components: Int
  private let drawn: DrawnGradients.Result
  private let scores: [Double]
  private let meanCost: Double

  init(
    image: Int, draws: Int, head: ArraySlice<Float>, _ drawn: DrawnGradients.Result,
    posterior: Posterior, noise: Noise
  ) {
    let rows = image * draws..<(image + 1) * draws
    let components = drawn.closed.count / drawn.costs.count
    self.rows = rows
    self.components = components
    self.drawn = drawn
    meanCost = drawn.costs[rows].reduce(0, +) / Double(draws)
    let latent = components / 2
    let deviations = head.dropFirst(latent).prefix(latent).map {
      posterior.deviation(Double($0))
    }
    scores = rows.flatMap { row -> [Double] in
      let normals = (0..<latent).map { noise.normal(row * latent + $0) }
      let means = zip(normals, deviations).map { $0 / $1 }
      let spreads = zip(normals, deviations).map { draw, deviation -> Double in
        let excess = draw * draw - 1
        return posterior == .logVariance ? 0.5 * excess : excess / deviation
      }
      return means + spreads
    }
  }

  /// Mean and variance of each component over the draws.
  func means(of estimator: GradientEstimator) -> [SampleMean] {
    (0..<components).map { component in
      SampleMean(rows.map { gradient(of: $0, component, by: estimator) })
    }
  }

  private func gradient(of row: Int, _ component: Int, by estimator: GradientEstimator) -> Double {
    let index = row * components + component
    switch estimator {
    case .reparameterization: return Double(drawn.closed[index])
    case .drawnReparameterization: return Double(drawn.drawn[index])
    case .score, .scoreWithBaseline:
      // The others' mean: (n·mean − c)/(n − 1).
      let (cost, count) = (drawn.costs[row], Double(rows.count))
      let baseline = estimator == .score ? 0 : (count * meanCost - cost) / (count - 1)
      return (cost - baseline) * scores[(row - rows.lowerBound) * components + component]
    }
  }
}

/// Sums over images.
private struct VarianceSum {
  private var variances: [Double]
  private var squaredMean = 0.0
  private var images = 0.0

  init(components: Int) { variances = Array(repeating: 0, count: components) }

  mutating func add(_ means: [SampleMean]) {
    images += 1
    for (component, sample) in means.enumerated() {
      variances[component] += sample.variance
      squaredMean += sample.mean * sample.mean - sample.variance / Double(sample.count)
    }
  }

  func result(for estimator: GradientEstimator) -> EstimatorVariance {
    let variances = variances.map { $0 / images }
    return EstimatorVariance(
      estimator: estimator, variance: variances.reduce(0, +),
      meanVariances: Array(variances.prefix(variances.count / 2)),
      spreadVariances: Array(variances.suffix(variances.count / 2)),
      squaredMean: squaredMean / images)
  }
}
