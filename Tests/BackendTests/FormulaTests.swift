import Backend
import Foundation
import ReferenceBackend
import Testing

/// The reference against numbers worked out by hand, or with thirty digits elsewhere.
@Suite struct FormulaTests {
  @Test func dense() throws {
    let harness = try Harness()
    let input = harness.tensor(2, 3, [1, 2, 3, -1, 0, 1])
    let weights = harness.tensor(3, 2, [1, 2, 3, 4, 5, 6])
    let (bias, output) = (harness.tensor(1, 2, [10, -100]), harness.tensor(2, 2))
    harness.backend.run(
      Dense(input: input, weights: weights, bias: bias, activation: .relu, output: output))
    #expect(harness.values(output) == [32, 0, 14, 0])
  }

  @Test func copyColumns() throws {
    let harness = try Harness()
    let (input, output) = (
      harness.tensor(2, 3, [1, 2, 3, 4, 5, 6]), harness.tensor(2, 4, [0, 0, 0, 0, 9, 9, 9, 9])
    )
    harness.backend.run(CopyColumns(input, columns: 1..<3, to: output, at: 2))
    #expect(harness.values(output) == [0, 0, 2, 3, 9, 9, 5, 6])
  }

  @Test func denseGradients() throws {
    let harness = try Harness()
    let gradient = harness.tensor(2, 2, [1, -1, 2, 3])
    let weights = harness.tensor(3, 2, [1, 2, 3, 4, 5, 6])
    let saved = harness.tensor(2, 3, [1, 0, -1, 0.5, 2, 0])
    let inputGradient = harness.tensor(2, 3)
    harness.backend.run(
      DenseInputGradient(
        outputGradient: gradient, weights: weights, activation: .relu, saved: saved,
        inputGradient: inputGradient))
    #expect(harness.values(inputGradient) == [-1, 0, 0, 8, 18, 0])

    let input = harness.tensor(2, 3, [1, 2, 3, 4, 5, 6])
    let (weightGradient, biasGradient) = (harness.tensor(3, 2), harness.tensor(1, 2))
    harness.backend.run(
      DenseParameterGradient(
        input: input, outputGradient: gradient, weightGradient: weightGradient,
        biasGradient: biasGradient))
    #expect(harness.values(weightGradient) == [9, 11, 12, 13, 15, 15])
    #expect(harness.values(biasGradient) == [3, 2])
  }

  @Test(
    arguments: [
      (Activation.identity, -1.5, -1.5, 1), (.relu, -1.5, 0, 0), (.relu, 1.5, 1.5, 1),
      (.relu, 0, 0, 0), (.tanh, 0.5, 0.46211715726000976, 0.7864477329659274),
      (.sigmoid, 2, 0.8807970779778824, 0.10499358540350652),
      (.softplus, 1, 1.3132616875182228, 0.7310585786300049),
      (.softplus, 800, 800, 1), (.elu, -1, -0.6321205588285577, 0.36787944117144233),
      (.elu, 2, 2, 1), (.silu, 1, 0.7310585786300049, 0.9276705118714869),
      (.silu, -800, 0, 0),
    ] as [(Activation, Double, Double, Double)])
  func activation(activation: Activation, argument: Double, value: Double, slope: Double) {
    #expect(abs(activation.value(argument) - value) < 1e-15)
    let saved = activation.derivativeNeedsArgument ? argument : activation.value(argument)
    #expect(abs(activation.derivative(saved: saved) - slope) < 1e-15)
  }

  @Test func divergences() {
    // N(0, 1) against itself, and N(1, e) by the formula.
    #expect(Posterior.logVariance.divergence(mean: 0, spread: 0) == 0)
    #expect(
      abs(Posterior.logVariance.divergence(mean: 1, spread: 1) - (M_E - 1) / 2) < 1e-15)
    #expect(abs(Posterior.sigma.divergence(mean: 0, spread: -1)) < 1e-10)
    #expect(
      abs(Posterior.sigma.divergence(mean: 0, spread: 2) - (3 - log(4.0)) / 2) < 1e-10)
    // σ = 0 stays finite: ½(−ln 10⁻¹⁰ − 1).
    #expect(
      abs(Posterior.sigma.divergence(mean: 0, spread: 0) - (log(1e10) - 1) / 2) < 1e-8)
  }

  @Test func likelihoods() {
    #expect(abs(Likelihood.bernoulli.loss(logit: 0, target: 0.3) - log(2.0)) < 1e-15)
    // −0.25·ln σ(1) − 0.75·ln(1 − σ(1))
    #expect(
      abs(Likelihood.bernoulli.loss(logit: 1, target: 0.25) - 1.0632616875182228) < 1e-15)
    #expect(Likelihood.bernoulli.loss(logit: 100, target: 0) == 100)
    #expect(Likelihood.bernoulli.loss(logit: -1000, target: 0) == 0)
    #expect(Likelihood.squaredError.loss(logit: 0, target: 1) == 0.25)
    #expect(Likelihood.squaredError.gradient(logit: 0, target: 1) == -0.25)
    #expect(Likelihood.bernoulli.gradient(logit: 0, target: 1) == -0.5)
  }

  @Test func sumRowsAndGather() throws {
    let harness = try Harness()
    let (input, sums) = (harness.tensor(2, 3, [1, 2, 3, 10, 20, 30]), harness.tensor(1, 2))
    harness.backend.run(SumRows(input: input), output: sums)
    #expect(harness.values(sums) == [6, 60])

    let table = try harness.backend.makePixelTable([0, 255, 51, 102, 153, 204], columns: 2)
    let order = try harness.backend.makeIndexTable(count: 3)
    harness.backend.upload([2, 0, 1], to: order)
    let output = harness.tensor(2, 2)
    harness.backend.run(Gather(pixels: table, order: order, output: output), start: 0)
    #expect(harness.values(output) == [0.6, 0.8, 0, 1])
    harness.backend.run(Gather(pixels: table, order: nil, output: output), start: 1)
    #expect(harness.values(output) == [0.2, 0.4, 0.6, 0.8])
  }

  /// Two steps from zero with g = 2, then −1, against the published algorithm's text.
  @Test func adam() throws {
    let harness = try Harness()
    func one(_ value: Double) -> Tensor { harness.tensor(1, 1, [value]) }
    let operation = AdamUpdate(
      parameters: one(1), gradients: one(2), firstMoment: one(0), secondMoment: one(0),
      beta1: 0.5, beta2: 0.75, epsilon: 0.5)
    harness.backend.run(operation, rate: operation.rate(learningRate: 0.25, step: 1))
    // m̂ = 2, v̂ = 4: θ = 1 − 0.25·2/(2 + 0.5).
    #expect(abs(harness.values(operation.parameters)[0] - 0.8) < 1e-7)
    #expect(harness.values(operation.firstMoment) == [1])
    #expect(harness.values(operation.secondMoment) == [1])
    harness.backend.set(operation.gradients, to: [-1])
    harness.backend.run(operation, rate: operation.rate(learningRate: 0.25, step: 2))
    // m = 0, so that θ stays; v = 0.75 + 0.25.
    #expect(abs(harness.values(operation.parameters)[0] - 0.8) < 1e-7)
    #expect(harness.values(operation.firstMoment) == [0])
    #expect(harness.values(operation.secondMoment) == [1])
  }

  /// Decoupled: the decay is of θ as it was, and neither moment knows of it.
  @Test func adamWithWeightDecay() throws {
    let harness = try Harness()
    func one(_ value: Double) -> Tensor { harness.tensor(1, 1, [value]) }
    let operation = AdamUpdate(
      parameters: one(1), gradients: one(2), firstMoment: one(0), secondMoment: one(0),
      beta1: 0.5, beta2: 0.75, epsilon: 0.5)
    let rate = operation.rate(learningRate: 0.25, weightDecay: 0.5, step: 1)
    #expect(rate.retention == 0.875)
    harness.backend.run(operation, rate: rate)
    #expect(abs(harness.values(operation.parameters)[0] - (0.875 - 0.2)) < 1e-7)
    #expect(harness.values(operation.firstMoment) == [1])
    #expect(harness.values(operation.secondMoment) == [1])
    #expect(operation.rate(learningRate: 0.25, step: 1).retention == 1)
  }

  @Test func clippingByNorm() throws {
    let harness = try Harness()
    let tensor = harness.tensor(1, SumSquares.block + 1)
    var values = [Double](repeating: 0, count: tensor.count)
    (values[0], values[1], values[SumSquares.block]) = (3, -4, 12)
    harness.backend.set(tensor, to: values)
    let (sums, norm) = (harness.tensor(1, 2), harness.tensor(1, 1))
    harness.backend.run(SumSquares(input: tensor, sums: sums))
    #expect(harness.values(sums) == [25, 144])
    harness.backend.run(SumRows(input: sums), output: norm)
    // ‖x‖ = 13.
    harness.backend.run(ClipByNorm(tensor, limit: 13), squaredNorm: norm)
    #expect(harness.values(tensor) == values)
    harness.backend.run(ClipByNorm(tensor, limit: 6.5), squaredNorm: norm)
    #expect(harness.values(tensor) == values.map { $0 / 2 })
  }

  @Test func momentum() throws {
    let harness = try Harness()
    let (parameters, gradients) = (harness.tensor(1, 1, [1]), harness.tensor(1, 1, [2]))
    let operation = MomentumUpdate(
      parameters: parameters, gradients: gradients, velocity: harness.tensor(1, 1, [4]),
      momentum: 0.5)
    harness.backend.run(operation, learningRate: 0.25)
    #expect(harness.values(operation.velocity) == [4])
    #expect(harness.values(parameters) == [0])
  }

  @Test func reparameterize() throws {
    let harness = try Harness()
    let noise = Noise(seed: 1, stream: .reparameterization, step: 2)
    let head = harness.tensor(2, 6, [1, 2, 3, 0, 0, 2 * log(2.0), 4, 5, 6, 0, 0, 0])
    let code = harness.tensor(2, 3)
    let operation = Reparameterize(head: head, posterior: .logVariance, code: code)
    harness.backend.run(operation, noise: noise)
    let words = noise.words(block: 0)
    let draws = [BoxMuller.normals(words.x, words.y), BoxMuller.normals(words.z, words.w)]
    let expected = [1 + draws[0].0, 2 + draws[0].1, 3 + 2 * draws[1].0, 4 + draws[1].1]
    #expect(agree(Array(harness.values(code)[..<4]), expected, tolerance: 1e-15))
    harness.backend.run(operation, noise: nil)
    #expect(harness.values(code) == [1, 2, 3, 4, 5, 6])
  }
}
