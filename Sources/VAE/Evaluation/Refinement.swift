import Backend

/// What inference without the encoder gains: each example's own μ and spread, begun at the encoder's output
/// and improved by gradient ascent on its ELBO (Hoffman et al. 2013; Kim et al. 2018).
///
/// What the encoder misses of it is the amortization gap (Cremer et al. 2018), per example the likelihood
/// regret (Xiao et al. 2020).
public struct Refinement: Hashable, Sendable {
  /// −loss of each example with the encoder's posterior; with β = 1 and a likelihood that is a density
  /// the ELBO, in nats.
  public let amortized: [Double]
  /// The same with its own posterior, by the same draws.
  public let refined: [Double]
  /// The refined posteriors, M×2L as the encoder gives them: μ, then the spread.
  public let heads: [Float]

  /// What refining gains, of each example.
  public var regrets: [Double] { zip(refined, amortized).map { $0 - $1 } }
  /// The mean gain.
  public var gap: Double { SampleMean(regrets).mean }
  /// The standard error of that mean, the examples being a sample.
  public var gapStandardError: Double { SampleMean(regrets).standardError }
}

/// How posteriors are refined.
public struct RefinementSettings: Hashable, Sendable {
  /// Steps of Adam, each with one draw of every example.
  public var steps: Int
  /// The first step's size; it falls to 0 in equal parts, so that the noise of the draws averages out.
  public var learningRate: Double
  /// The KL term's weight.
  public var beta: Double
  /// Draws by which the loss is measured before and after.
  public var draws: Int
  /// Of the draws.
  public var seed: UInt64

  /// Settings that gain nearly all there is of a model of MNIST.
  public init(
    steps: Int = 300, learningRate: Double = 0.03, beta: Double = 1, draws: Int = 64,
    seed: UInt64 = 0
  ) {
    self.steps = steps
    self.learningRate = learningRate
    self.beta = beta
    self.draws = draws
    self.seed = seed
  }
}

extension VariationalAutoencoder {
  /// Refines the posteriors of rows `range` (default: all) of `images`. The model has been made with a
  /// `Workspace` that has a code gradient; its parameters stay as they are.
  ///
  /// A denoising model's encoder sees the images through its noise, while the refined posteriors are those of
  /// the images themselves: the gap is then what encoder and noise together miss.
  ///
  /// - Parameter report: told from time to time how many steps are done, of all examples.
  /// - Throws: `InferenceError`, `ConditionError.labelsMissing`, or a `BackendError` that an operation left.
  public func refine(
    _ images: PixelTable, rows range: Range<Int>? = nil,
    _ settings: RefinementSettings = RefinementSettings(), report: (Int) -> Void = { _ in }
  ) throws -> Refinement {
    try checkPosterior(for: images)
    guard let buffers = plan.posteriorAscent else {
      throw InferenceError.noWorkspace(
        for: "refining posteriors", needed: Workspace(hasCodeGradient: true))
    }
    let range = range ?? 0..<images.rows
    var (amortized, refined, heads) = ([Double](), [Double](), [Float]())
    for batch in batches(of: range.count) {
      let pass = encode(
        images, batch.shifted(by: range.lowerBound), configuration.corruption,
        seed: settings.seed)
      let ascent = PosteriorAscent(plan, pass, buffers)
      let first = batch.lowerBound * configuration.latent
      amortized += try bounds(pass, settings, firstRow: batch.lowerBound)
      ascent.begin(on: backend)
      for step in 1...settings.steps {
        let noise = Noise(
          seed: settings.seed, stream: .inference, step: UInt64(step), firstElement: first)
        ascent.run(on: backend, noise: noise, step: step, settings)
        if step % 16 == 0 || step == settings.steps {
          try backend.synchronize()
          report(batch.lowerBound * settings.steps + batch.count * step)
        }
      }
      refined += try bounds(pass, settings, firstRow: batch.lowerBound)
      heads += try backend.download(pass.head)
    }
    return Refinement(amortized: amortized, refined: refined, heads: heads)
  }

  /// −loss of each example of a pass whose head is there.
  private func bounds(_ pass: Pass, _ settings: RefinementSettings, firstRow: Int) throws
    -> [Double]
  {
    if let divergence = pass.divergence { backend.run(divergence) }
    let reconstructions = try reconstructionSums(
      pass, samples: settings.draws, seed: settings.seed, firstRow: firstRow)
    let divergences = try backend.download(pass.losses[rows: 1..<2])
    return zip(reconstructions, divergences).map {
      -($0 / Double(settings.draws) + settings.beta * Double($1))
    }
  }
}

/// Where the gradient with respect to posteriors, and Adam's moments of it, lie.
struct PosteriorAscentBuffers: Sendable {
  let gradient: Tensor
  let firstMoment: Tensor
  let secondMoment: Tensor

  init(_ configuration: ModelConfiguration, rows: Int, in plan: inout ArenaPlan) {
    func place() -> Tensor { plan.tensor(rows: rows, columns: 2 * configuration.latent) }
    (gradient, firstMoment, secondMoment) = (place(), place(), place())
  }
}

/// Adam on the encoder's output, in its place.
private struct PosteriorAscent {
  private let pass: Pass
  private let decoder: DecoderGradient
  private let reparameterize: ReparameterizeGradient
  private let adam: AdamUpdate

  init(_ plan: GraphPlan, _ pass: Pass, _ buffers: PosteriorAscentBuffers) {
    self.pass = pass
    let rows = 0..<pass.rows
    decoder = DecoderGradient(plan, pass, scale: 1)
    reparameterize = ReparameterizeGradient(
      head: pass.head, posterior: plan.configuration.posterior,
      codeGradient: decoder.codeGradient,
      headGradient: buffers.gradient[rows: rows])
    adam = AdamUpdate(
      parameters: pass.head, gradients: buffers.gradient[rows: rows],
      firstMoment: buffers.firstMoment[rows: rows], secondMoment: buffers.secondMoment[rows: rows],
      beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
  }

  /// Forgets the posteriors before.
  func begin(on backend: any Backend) {
    for moment in [adam.firstMoment, adam.secondMoment] {
      backend.upload([Float](repeating: 0, count: moment.count), to: moment)
    }
  }

  /// Enqueues step `step`, counted from 1.
  func run(on backend: any Backend, noise: Noise, step: Int, _ settings: RefinementSettings) {
    pass.drawCode(on: backend, noise: noise)
    pass.decoder.run(on: backend)
    decoder.run(on: backend)
    backend.run(reparameterize, noise: noise, klWeight: Float(settings.beta))
    let left = Double(settings.steps - step + 1) / Double(settings.steps)
    backend.run(adam, rate: adam.rate(learningRate: settings.learningRate * left, step: step))
  }
}
