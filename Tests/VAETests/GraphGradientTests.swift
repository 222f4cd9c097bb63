import Backend
import ReferenceBackend
import Testing
import VAE

/// The whole graph's gradient against central differences of its loss, in `Double`.
@Suite struct GraphGradientTests {
  @Test(arguments: Activation.allCases, Posterior.allCases)
  func gradientIsTheLossesSlope(activation: Activation, posterior: Posterior) throws {
    for likelihood in Likelihood.allCases {
      let model = ModelConfiguration(
        imageWidth: 3, imageHeight: 2, encoder: [5, 4], latent: 3, decoder: [4],
        activation: activation, posterior: posterior, likelihood: likelihood,
        variance: likelihood == .gaussian ? 0.3 : nil)
      try checkGradient(model, beta: 0.5, rows: 8)
      // The short last batch: fewer rows than the arena has.
      try checkGradient(model, beta: 0.5, rows: 5)
    }
  }

  /// Several draws: as their mean, and weighted, where the losses of the draws act on one another.
  @Test(
    arguments: [
      Bound.evidence(samples: 3), .importanceWeighted(samples: 1), .importanceWeighted(samples: 4),
    ], Posterior.allCases)
  func severalDraws(bound: Bound, posterior: Posterior) throws {
    for likelihood in Likelihood.allCases where likelihood != .squaredError {
      var model = ModelConfiguration(
        imageWidth: 3, imageHeight: 2, encoder: [5], latent: 3, decoder: [4], activation: .tanh,
        posterior: posterior, likelihood: likelihood,
        variance: likelihood == .gaussian ? 0.3 : nil)
      for rows in [8, 5] { try checkGradient(model, beta: 1, rows: rows, bound: bound) }
      model.classes = 3
      try checkGradient(model, beta: 1, rows: 8, bound: bound)
    }
  }

  @Test func linearModelWithoutHiddenLayers() throws {
    try checkGradient(
      ModelConfiguration(imageWidth: 2, imageHeight: 2, encoder: [], latent: 2, decoder: []),
      beta: 1, rows: 8)
  }

  /// Colour, a stride that leaves a pixel over, and every kind of layer on both sides.
  @Test(arguments: [Activation.relu, .tanh, .silu])
  func convolutionalModel(activation: Activation) throws {
    let convolutions = [
      ConvolutionalLayer(channels: 2, kernel: 2, stride: 2, padding: 0),
      ConvolutionalLayer(channels: 3, kernel: 3, stride: 1, padding: 1),
    ]
    let model = ModelConfiguration(
      imageWidth: 5, imageHeight: 4, channels: 3, convolutions: convolutions, encoder: [4],
      latent: 2, decoder: [3], activation: activation)
    try checkGradient(model, beta: 0.5, rows: 5)
    try checkGradient(
      ModelConfiguration(
        imageWidth: 3, imageHeight: 3, convolutions: [convolutions[0]], encoder: [], latent: 2,
        decoder: [], activation: activation), beta: 1, rows: 8)
  }

  @Test(arguments: Posterior.allCases)
  func freeBitsHoldBackSomeDimensions(posterior: Posterior) throws {
    try checkGradient(
      ModelConfiguration(
        imageWidth: 3, imageHeight: 2, encoder: [5], latent: 6, decoder: [4],
        activation: .tanh, posterior: posterior),
      beta: 0.5, rows: 8, hasFreeBits: true)
  }
}

/// Holds the gradient of a training step on `rows` examples against central differences of its loss.
///
/// - Parameter hasFreeBits: whether the half of the latent dimensions are held back by free bits.
func checkGradient(
  _ configuration: ModelConfiguration, beta: Double, rows: Int, hasFreeBits: Bool = false,
  bound: Bound? = nil
) throws {
  let backend = ReferenceBackend()
  let optimizer = Optimizer.sgd(momentum: 0)
  let model = try VariationalAutoencoder(
    configuration, on: backend, capacity: 8,
    workspace: TrainingConfiguration(bound: bound).workspace(batch: 8), optimizer: optimizer)
  model.initialize(.kaimingUniform, seed: 3)
  let training = try #require(model.plan.training)
  func makeStep(_ freeBits: Double?) -> TrainingStep {
    TrainingStep(
      model.plan, rows: rows, optimizer: optimizer, freeBits: freeBits, bound: bound)
  }
  var step = makeStep(hasFreeBits ? 1 : nil)
  var random = RandomNumbers(Noise(seed: 5, stream: .dataset))
  backend.upload(
    (0..<step.pass.images.count).map { _ in Float(random.uniform()) }, to: step.pass.images)
  if let labels = step.pass.labels {
    let row = (0..<labels.columns).map { Float($0 == 1 ? 1 : 0) }
    backend.upload((0..<rows).flatMap { row[($0 % 2)...] + row[..<($0 % 2)] }, to: labels)
  }
  let noise = Noise(seed: 7, stream: .reparameterization, step: 11)

  if configuration.posterior == .sigma {
    // Away from σ = 0, where ln σ² bends too sharply for a difference quotient.
    try model.setParameters(
      try model.parameters().map { array in
        NamedArray(
          name: array.name, shape: array.shape,
          values: array.name == "sigma.bias" ? array.values.map { $0 + 4 } : array.values)
      })
  }
  let region = model.plan.parameters.region
  let parameters = backend.values(of: region)
  if let freeBits = step.freeBits {
    step.runForward(on: backend, noise: noise, slot: 0)
    let sorted = backend.values(of: freeBits.divergences).sorted()
    step = makeStep((sorted[2] + sorted[3]) / 2)
  }

  // A learning rate of zero leaves the parameters where the gradient was taken.
  step.run(on: backend, noise: noise, beta: beta, learningRate: 0, step: 1, slot: 0)
  let gradient = backend.values(of: training.gradients.region)
  func loss(_ parameters: [Double]) -> Double {
    backend.set(region, to: parameters)
    step.run(on: backend, noise: noise, beta: beta, learningRate: 0, step: 1, slot: 0)
    let losses = backend.values(of: step.pass.losses)
    let reconstruction = losses[..<rows].reduce(0, +)
    var divergence = losses[rows...].reduce(0, +)
    if let freeBits = step.freeBits {
      let divergences = backend.values(of: freeBits.divergences)
      divergence = Double(rows) * freeBits.objective(divergences: divergences)
    }
    return (reconstruction + beta * divergence) / Double(rows)
  }
  // Truncation h²/6·f‴ and cancellation u·f/h are both near 1e-10 at this h.
  let distance = 1e-5
  let scalars = model.plan.parameters.scalars.map(\.tensor)
  var worst = 0.0
  var largest = 0.0
  let layers = model.plan.parameters.tensors.flatMap { [$0.weights, $0.bias] }
  for tensor in layers + scalars {
    for element in tensor.range {
      let index = element - region.offset
      var moved = parameters
      moved[index] = parameters[index] + distance
      let above = loss(moved)
      moved[index] = parameters[index] - distance
      let slope = (above - loss(moved)) / (2 * distance)
      worst = max(worst, abs(slope - gradient[index]))
      largest = max(largest, abs(slope))
    }
  }
  #expect(largest > 1e-3, "the check needs a gradient worth checking")
  #expect(worst < 1e-7 * max(1, largest), "\(configuration.summary) \(configuration.activation)")
}
