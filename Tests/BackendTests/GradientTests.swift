import Backend
import ReferenceBackend
import Testing

/// Every backward operation of the reference against central differences of its forward operation.
@Suite struct GradientTests {
  /// Through a layer to its parameters, and to the argument of the nonlinearity before it.
  @Test(arguments: Activation.allCases)
  func dense(activation: Activation) throws {
    let harness = try Harness()
    let backend = harness.backend
    let argument = harness.tensor(5, 4)
    let input = harness.tensor(5, 4)
    let (weights, bias, output) = (
      harness.tensor(4, 3), harness.tensor(1, 3), harness.tensor(5, 3)
    )
    let outputGradient = harness.tensor(5, 3)
    func loss() -> Double {
      backend.run(Activate(input: argument, activation: activation, output: input))
      backend.run(
        Dense(
          input: input, weights: weights, bias: bias, activation: .identity, output: output))
      return dot(harness.values(output), harness.values(outputGradient))
    }
    _ = loss()
    let (inputGradient, weightGradient, biasGradient) = (
      harness.tensor(5, 4), harness.tensor(4, 3), harness.tensor(1, 3)
    )
    backend.run(
      DenseInputGradient(
        outputGradient: outputGradient, weights: weights, activation: activation,
        saved: activation.derivativeNeedsArgument ? argument : input,
        inputGradient: inputGradient))
    backend.run(
      DenseParameterGradient(
        input: input, outputGradient: outputGradient, weightGradient: weightGradient,
        biasGradient: biasGradient))
    #expect(agree(harness.values(inputGradient), harness.differences(argument, loss)))
    #expect(agree(harness.values(weightGradient), harness.differences(weights, loss)))
    #expect(agree(harness.values(biasGradient), harness.differences(bias, loss)))
  }

  /// The nonlinearity fused into the layer is the one by itself.
  @Test(arguments: Activation.allCases)
  func fusedActivation(activation: Activation) throws {
    let harness = try Harness()
    let (input, weights, bias) = (harness.tensor(2, 3), harness.tensor(3, 4), harness.tensor(1, 4))
    let (fused, plain) = (harness.tensor(2, 4), harness.tensor(2, 4))
    for (function, output) in [(activation, fused), (.identity, plain)] {
      harness.backend.run(
        Dense(
          input: input, weights: weights, bias: bias, activation: function, output: output))
    }
    harness.backend.run(Activate(input: plain, activation: activation, output: plain))
    #expect(harness.values(fused) == harness.values(plain))
  }

  @Test(arguments: Posterior.allCases, [nil, Noise(seed: 1, stream: .reparameterization, step: 3)])
  func reparameterizeAndDivergence(posterior: Posterior, noise: Noise?) throws {
    let harness = try Harness()
    let backend = harness.backend
    let (rows, latent, weight) = (4, 3, 0.75)
    let (head, code) = (harness.tensor(rows, 2 * latent), harness.tensor(rows, latent))
    let (divergence, codeGradient) = (harness.tensor(1, rows), harness.tensor(rows, latent))
    func loss() -> Double {
      backend.run(Reparameterize(head: head, posterior: posterior, code: code), noise: noise)
      backend.run(KLDivergence(head: head, posterior: posterior, divergence: divergence))
      return dot(harness.values(code), harness.values(codeGradient))
        + weight * harness.values(divergence).reduce(0, +)
    }
    let headGradient = harness.tensor(rows, 2 * latent)
    backend.run(
      ReparameterizeGradient(
        head: head, posterior: posterior, codeGradient: codeGradient, headGradient: headGradient),
      noise: noise, klWeight: Float(weight))
    #expect(agree(harness.values(headGradient), harness.differences(head, loss)))
  }

  @Test(arguments: Likelihood.allCases)
  func reconstruction(likelihood: Likelihood) throws {
    let harness = try Harness()
    let backend = harness.backend
    let columns = 5 * likelihood.outputsPerPixel
    let logits = harness.tensor(3, columns)
    let targets = harness.tensor(3, 5, (0..<15).map { Double($0) / 14 })
    let losses = harness.tensor(1, 3)
    let operation = ReconstructionLoss(
      logits: logits, target: targets, likelihood: likelihood,
      variance: likelihood == .gaussianLearned
        ? .learned(harness.tensor(1, 1, [-2])) : .given(0.3), loss: losses)
    func loss() -> Double {
      backend.run(operation)
      return 0.25 * harness.values(losses).reduce(0, +)
    }
    let gradient = harness.tensor(3, columns)
    backend.run(ReconstructionLossGradient(loss: operation, scale: 0.25, gradient: gradient))
    #expect(agree(harness.values(gradient), harness.differences(logits, loss)))
    // In place, the same numbers.
    let expected = harness.values(gradient)
    backend.run(ReconstructionLossGradient(loss: operation, scale: 0.25, gradient: logits))
    #expect(harness.values(logits) == expected)
  }
}
