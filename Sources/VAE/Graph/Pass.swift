import Backend

/// The operations of a pass over a batch of one size: image → head → code → logits → losses.
package struct Pass: Sendable {
  let rows: Int
  package let images: Tensor
  let head: Tensor
  let code: Tensor
  let logits: Tensor
  /// Rows: reconstruction, KL. One column an example.
  package let losses: Tensor

  let encoder: DenseStack
  let reparameterize: Reparameterize
  let decoder: DenseStack
  let divergence: KLDivergence
  let reconstruction: ReconstructionLoss
  let sumLosses: SumRows
  /// The logits, turned into pixels where they stand.
  let pixels: Activate

  init(_ plan: GraphPlan, rows: Int) {
    precondition(rows <= plan.capacity, "a batch is at most the plan's capacity")
    let configuration = plan.configuration
    let (encoderParameters, decoderParameters) = plan.split(plan.parameters.tensors)
    self.rows = rows
    images = plan.images[rows: 0..<rows]
    code = plan.code[rows: 0..<rows]
    losses = Tensor(offset: plan.losses.offset, rows: 2, columns: rows)
    encoder = DenseStack(
      configuration.encoderLayers, parameters: encoderParameters, input: images,
      buffers: plan.encoderBuffers)
    head = encoder.output
    reparameterize = Reparameterize(head: head, posterior: configuration.posterior, code: code)
    decoder = DenseStack(
      configuration.decoderLayers, parameters: decoderParameters, input: code,
      buffers: plan.decoderBuffers)
    logits = decoder.output
    reconstruction = ReconstructionLoss(
      logits: logits, target: images, likelihood: configuration.likelihood,
      loss: losses[rows: 0..<1])
    divergence = KLDivergence(
      head: head, posterior: configuration.posterior, divergence: losses[rows: 1..<2])
    sumLosses = SumRows(input: losses)
    pixels = Activate(input: logits, activation: .sigmoid, output: logits)
  }
}

/// A training step on a batch of one size: the pass, its gradient and the optimizer.
package struct TrainingStep: Sendable {
  package let pass: Pass
  private let reconstruction: ReconstructionLossGradient
  private let decoder: DenseStackGradient
  private let reparameterize: ReparameterizeGradient
  private let encoder: DenseStackGradient
  private let update: ParameterUpdate
  private let layerNames: [String]
  private let lossSums: Tensor

  /// - Parameter keepingGradients: whether the parameters' gradients are to be looked at afterwards.
  package init(
    _ plan: GraphPlan, rows: Int, optimizer: Optimizer, keepingGradients: Bool = false
  ) {
    guard let training = plan.training else {
      preconditionFailure("a training step needs a plan with an optimizer")
    }
    let configuration = plan.configuration
    let pass = Pass(plan, rows: rows)
    let parameters = plan.split(plan.parameters.tensors)
    let gradients = plan.split(training.gradients.tensors)
    self.pass = pass
    let codeGradient = plan.codeGradient[rows: 0..<rows]
    decoder = DenseStackGradient(
      of: configuration.decoderLayers, parameters: parameters.1, gradients: gradients.1,
      input: pass.code, buffers: plan.decoderBuffers, inputGradient: codeGradient)
    encoder = DenseStackGradient(
      of: configuration.encoderLayers, parameters: parameters.0, gradients: gradients.0,
      input: pass.images, buffers: plan.encoderBuffers, inputGradient: nil)
    reconstruction = ReconstructionLossGradient(
      loss: pass.reconstruction, scale: 1 / Float(rows), gradient: decoder.outputGradient)
    reparameterize = ReparameterizeGradient(
      head: pass.head, posterior: configuration.posterior, codeGradient: codeGradient,
      headGradient: encoder.outputGradient)
    update = ParameterUpdate(
      optimizer, decoder.parameterGradients + encoder.parameterGradients,
      keepingGradients: keepingGradients, parameters: plan.parameters.region,
      gradientRegion: training.gradients.region, state: training.state.map(\.region))
    layerNames = [configuration.decoderLayers, configuration.encoderLayers].flatMap {
      $0.reversed().map(\.name)
    }
    lossSums = plan.lossSums
  }

  /// Every tensor that the step writes, in the order it does.
  package var trace: [TracedTensor] {
    pass.encoder.trace
      + [TracedTensor(Reparameterize.name, "code", pass.code)]
      + pass.decoder.trace
      + [
        TracedTensor(ReconstructionLoss.name, "reconstruction", pass.losses[rows: 0..<1]),
        TracedTensor(
          ReconstructionLossGradient.name, "logits gradient", decoder.outputGradient),
        TracedTensor(KLDivergence.name, "kl", pass.losses[rows: 1..<2]),
        TracedTensor(SumRows.name, "loss sums", lossSums[rows: 0..<1]),
      ]
      + decoder.trace
      + [TracedTensor(ReparameterizeGradient.name, "head gradient", encoder.outputGradient)]
      + encoder.trace
      + update.trace(layerNames, decoder.parameterGradients + encoder.parameterGradients)
  }

  /// Enqueues the step on the images already gathered; the sums of its losses go to `slot`.
  package func run(
    on backend: any Backend, noise: Noise, beta: Double, learningRate: Double, step: Int, slot: Int
  ) {
    runForward(on: backend, noise: noise, slot: slot)
    decoder.run(on: backend)
    backend.run(reparameterize, noise: noise, klWeight: Float(beta / Double(pass.rows)))
    encoder.run(on: backend)
    update.run(on: backend, learningRate: learningRate, step: step)
  }

  /// Enqueues the step as far as its losses, whose sums go to `slot`.
  package func runForward(on backend: any Backend, noise: Noise, slot: Int) {
    pass.encoder.run(on: backend)
    backend.run(pass.reparameterize, noise: noise)
    pass.decoder.run(on: backend)
    backend.run(reconstruction)
    backend.run(pass.divergence)
    backend.run(pass.sumLosses, output: lossSums[rows: slot..<slot + 1])
  }
}
