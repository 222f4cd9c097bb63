import Backend

/// The operations of a pass over a batch of one size: image → head → code → logits → losses.
///
/// A plain autoencoder's head is its code. A conditional model's labels go into encoder and decoder.
package struct Pass: Sendable {
  let rows: Int
  package let images: Tensor
  /// One-hot, of a conditional model.
  package let labels: Tensor?
  let head: Tensor
  let code: Tensor
  let logits: Tensor
  /// Rows: reconstruction and, but for a plain autoencoder, KL. One column an example.
  package let losses: Tensor

  let encoder: Encoder
  /// `nil` for a plain autoencoder.
  let reparameterize: Reparameterize?
  let decoder: DenseStack
  /// `nil` for a plain autoencoder.
  let divergence: KLDivergence?
  let reconstruction: ReconstructionLoss
  let sumLosses: SumRows
  /// The logits, turned into pixels where they stand.
  let pixels: Activate

  init(_ plan: GraphPlan, rows: Int) {
    precondition(rows <= plan.capacity, "a batch is at most the plan's capacity")
    let configuration = plan.configuration
    self.rows = rows
    images = plan.images[rows: 0..<rows]
    labels = plan.labels?[rows: 0..<rows]
    code = plan.code[rows: 0..<rows]
    losses = Tensor(offset: plan.losses.offset, rows: plan.losses.rows, columns: rows)
    encoder = Encoder(plan, images: images, labels: labels)
    head = encoder.output
    decoder = DenseStack(
      configuration.decoderLayers, parameters: plan.decoder(plan.parameters.tensors), input: code,
      labels: labels, buffers: plan.decoderBuffers)
    logits = decoder.output
    reconstruction = ReconstructionLoss(
      logits: logits, target: images, likelihood: configuration.likelihood,
      loss: losses[rows: 0..<1])
    if configuration.encoderForm == .deterministic {
      reparameterize = nil
      divergence = nil
    } else {
      reparameterize = Reparameterize(head: head, posterior: configuration.posterior, code: code)
      divergence = KLDivergence(
        head: head, posterior: configuration.posterior, divergence: losses[rows: 1..<2])
    }
    sumLosses = SumRows(input: losses)
    pixels = Activate(input: logits, activation: .sigmoid, output: logits)
  }

  /// Enqueues the gathering of the batch that begins at row `start` of the order, its labels included.
  package func gather(
    _ images: PixelTable, order: IndexTable? = nil, start: Int, on backend: any Backend
  ) {
    backend.run(Gather(pixels: images, order: order, output: self.images), start: start)
    if let output = labels {
      guard let labels = images.labels else {
        preconditionFailure("a conditional model's images have labels")
      }
      backend.run(Gather(pixels: labels, order: order, output: output), start: start)
    }
  }

  /// Enqueues z = μ + σ·ε, or z = μ without noise; a plain autoencoder's encoder has made z already.
  func drawCode(on backend: any Backend, noise: Noise?) {
    if let reparameterize { backend.run(reparameterize, noise: noise) }
  }
}

/// A training step on a batch of one size: the pass, its gradient and the optimizer.
package struct TrainingStep: Sendable {
  package let pass: Pass
  private let reconstruction: ReconstructionLossGradient
  private let decoder: DenseStackGradient
  private let reparameterize: ReparameterizeGradient?
  private let encoder: EncoderGradient
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
    let gradients = training.gradients.tensors
    self.pass = pass
    let codeGradient = plan.codeGradient[rows: 0..<rows]
    decoder = DenseStackGradient(
      of: configuration.decoderLayers, parameters: plan.decoder(plan.parameters.tensors),
      gradients: plan.decoder(gradients), input: pass.code, buffers: plan.decoderBuffers,
      inputGradient: codeGradient)
    let encoder = EncoderGradient(plan, gradients: gradients, images: pass.images)
    self.encoder = encoder
    reconstruction = ReconstructionLossGradient(
      loss: pass.reconstruction, scale: 1 / Float(rows), gradient: decoder.outputGradient)
    reparameterize = pass.reparameterize.map {
      ReparameterizeGradient(
        head: $0.head, posterior: $0.posterior, codeGradient: codeGradient,
        headGradient: encoder.outputGradient)
    }
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
    let hasPosterior = reparameterize != nil
    let code = TracedTensor(Reparameterize.name, "code", pass.code)
    let divergence = pass.divergence.map { TracedTensor(KLDivergence.name, "kl", $0.divergence) }
    let head = TracedTensor(ReparameterizeGradient.name, "head gradient", encoder.outputGradient)
    return pass.encoder.trace + (hasPosterior ? [code] : []) + pass.decoder.trace
      + [
        TracedTensor(ReconstructionLoss.name, "reconstruction", pass.losses[rows: 0..<1]),
        TracedTensor(
          ReconstructionLossGradient.name, "logits gradient", decoder.outputGradient),
      ]
      + (divergence.map { [$0] } ?? [])
      + [TracedTensor(SumRows.name, "loss sums", lossSums[rows: 0..<1])]
      + decoder.trace + (hasPosterior ? [head] : []) + encoder.trace
      + update.trace(layerNames, decoder.parameterGradients + encoder.parameterGradients)
  }

  /// Enqueues the step on the images already gathered; the sums of its losses go to `slot`.
  package func run(
    on backend: any Backend, noise: Noise, beta: Double, learningRate: Double, step: Int, slot: Int
  ) {
    runForward(on: backend, noise: noise, slot: slot)
    decoder.run(on: backend)
    if let reparameterize {
      backend.run(reparameterize, noise: noise, klWeight: Float(beta / Double(pass.rows)))
    }
    encoder.run(on: backend)
    update.run(on: backend, learningRate: learningRate, step: step)
  }

  /// Enqueues the step as far as its losses, whose sums go to `slot`.
  package func runForward(on backend: any Backend, noise: Noise, slot: Int) {
    pass.encoder.run(on: backend)
    pass.drawCode(on: backend, noise: noise)
    pass.decoder.run(on: backend)
    backend.run(reconstruction)
    if let divergence = pass.divergence { backend.run(divergence) }
    backend.run(pass.sumLosses, output: lossSums[rows: slot..<slot + 1])
  }
}
