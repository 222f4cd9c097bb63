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
        activation: activation, posterior: posterior, likelihood: likelihood)
      try check(model, beta: 0.5, rows: 8)
      // The short last batch: fewer rows than the arena has.
      try check(model, beta: 0.5, rows: 5)
    }
  }

  @Test func linearModelWithoutHiddenLayers() throws {
    try check(
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
    try check(model, beta: 0.5, rows: 5)
    try check(
      ModelConfiguration(
        imageWidth: 3, imageHeight: 3, convolutions: [convolutions[0]], encoder: [], latent: 2,
        decoder: [], activation: activation), beta: 1, rows: 8)
  }

  private func check(_ configuration: ModelConfiguration, beta: Double, rows: Int) throws {
    let backend = ReferenceBackend()
    let optimizer = Optimizer.sgd(momentum: 0)
    let model = try VariationalAutoencoder(
      configuration, on: backend, capacity: 8, optimizer: optimizer)
    model.initialize(.kaimingUniform, seed: 3)
    let training = try #require(model.plan.training)
    let step = TrainingStep(model.plan, rows: rows, optimizer: optimizer)
    var random = RandomNumbers(Noise(seed: 5, stream: .dataset))
    backend.upload(
      (0..<step.pass.images.count).map { _ in Float(random.uniform()) }, to: step.pass.images)
    let noise = Noise(seed: 7, stream: .reparameterization, step: 11)

    let region = model.plan.parameters.region
    var parameters = backend.values(of: region)
    if configuration.posterior == .sigma {
      // Away from σ = 0, where ln σ² bends too sharply for a difference quotient.
      let head = model.plan.parameters.tensors[configuration.encoderLayers.count - 1].bias
      for element in head.range.suffix(configuration.latent) {
        parameters[element - region.offset] += 4
      }
      backend.set(region, to: parameters)
    }

    // A learning rate of zero leaves the parameters where the gradient was taken.
    step.run(on: backend, noise: noise, beta: beta, learningRate: 0, step: 1, slot: 0)
    let gradient = backend.values(of: training.gradients.region)
    func loss(_ parameters: [Double]) -> Double {
      backend.set(region, to: parameters)
      step.run(on: backend, noise: noise, beta: beta, learningRate: 0, step: 1, slot: 0)
      let losses = backend.values(of: step.pass.losses)
      let reconstruction = losses[..<rows].reduce(0, +)
      let divergence = losses[rows...].reduce(0, +)
      return (reconstruction + beta * divergence) / Double(rows)
    }
    // Truncation h²/6·f‴ and cancellation u·f/h are both near 1e-10 at this h.
    let distance = 1e-5
    var worst = 0.0
    var largest = 0.0
    for tensor in model.plan.parameters.tensors {
      for element in [tensor.weights, tensor.bias].flatMap(\.range) {
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
}
