import Backend

/// The operations of a pass over a batch of one size: image → head → code → logits → losses.
///
/// With several draws of each code there are as many rows an example from the code on. A plain autoencoder's
/// head is its code. A conditional model's labels go into encoder and decoder.
package struct Pass: Sendable {
  let rows: Int
  package let images: Tensor
  /// The images as the encoder sees them.
  let input: Tensor
  let corruption: Corruption?
  /// One-hot, of a conditional model.
  package let labels: Tensor?
  let head: Tensor
  let code: Tensor
  let logits: Tensor
  /// Rows: reconstruction and, but for a plain autoencoder, KL. One column an example.
  package let losses: Tensor

  /// Between head and code, where an example has several draws of its code.
  let draws: Draws?

  let encoder: Encoder
  /// `nil` for a plain autoencoder.
  let reparameterize: Reparameterize?
  let decoder: LayerStack
  /// `nil` for a plain autoencoder.
  let divergence: KLDivergence?
  let reconstruction: ReconstructionLoss
  let sumLosses: SumRows
  /// The logits, turned into pixels where they stand.
  let pixels: Activate

  /// - Parameter draws: of each example's code; `nil` for one, without a row of its own.
  init(_ plan: GraphPlan, rows: Int, draws count: Int? = nil) {
    precondition(rows <= plan.capacity, "a batch is at most the plan's capacity")
    let configuration = plan.configuration
    self.rows = rows
    images = plan.images[rows: 0..<rows]
    input = plan.input[rows: 0..<rows]
    corruption = configuration.corruption
    labels = plan.labels?[rows: 0..<rows]
    code = plan.code[rows: 0..<rows * (count ?? 1)]
    losses = Tensor(offset: plan.losses.offset, rows: plan.losses.rows, columns: rows)
    encoder = Encoder(plan, images: input, labels: labels)
    let (head, images, labels) = (encoder.output, images, labels)
    self.head = head
    draws = count.map { Draws(plan, head: head, images: images, labels: labels, count: $0) }
    decoder = LayerStack(
      configuration.decoderLayers, parameters: plan.decoder(plan.parameters.tensors), input: code,
      labels: draws?.labels ?? labels, buffers: plan.decoderBuffers)
    logits = decoder.output
    reconstruction = ReconstructionLoss(
      logits: logits, target: draws?.images ?? images, likelihood: configuration.likelihood,
      variance: plan.pixelVariance, loss: (draws?.losses ?? losses)[rows: 0..<1])
    if configuration.encoderForm == .deterministic {
      reparameterize = nil
      divergence = nil
    } else {
      reparameterize = Reparameterize(
        head: draws?.head ?? head, posterior: configuration.posterior, code: code)
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

  /// Enqueues z = μ + σ·ε of every draw, or z = μ without noise; a plain autoencoder's encoder has made z
  /// already.
  func drawCode(on backend: any Backend, noise: Noise?) {
    draws?.repeat(on: backend)
    if let reparameterize { backend.run(reparameterize, noise: noise) }
  }
}

/// A training step on a batch of one size: the pass, its gradient and the optimizer.
package struct TrainingStep: Sendable {
  package let pass: Pass
  private let variance: VarianceGradient?
  private let decoder: DecoderGradient
  private let reparameterize: ReparameterizeGradient?
  /// In place of `reparameterize`, where an example has several draws of its code.
  private let draws: DrawStep?
  /// Where some of the KL term's gradient is held back.
  package let freeBits: FreeBits?
  private let encoder: EncoderGradient
  private let update: ParameterUpdate
  private let layerNames: [String]
  private let lossSums: Tensor

  /// - Parameters:
  ///   - clipNorm: what the gradients' global norm may be, if there is a limit.
  ///   - freeBits: λ, the KL divergence that a latent dimension has free; `nil` for none.
  ///   - bound: what is raised by how many draws of z an example; `nil` for the ELBO by one.
  ///   - keepingGradients: whether the parameters' gradients are to be looked at afterwards, unclipped.
  package init(
    _ plan: GraphPlan, rows: Int, optimizer: Optimizer, clipNorm: Double? = nil,
    freeBits: Double? = nil, bound: Bound? = nil,
    keepingGradients: Bool = false
  ) {
    guard let training = plan.training else {
      preconditionFailure("a training step needs a plan with an optimizer")
    }
    let configuration = plan.configuration
    let pass = Pass(plan, rows: rows, draws: bound?.samples)
    let gradients = training.gradients.tensors
    self.pass = pass
    decoder = DecoderGradient(
      plan, pass, scale: DrawStep.scale(rows: rows, bound), gradients: gradients)
    let encoder = EncoderGradient(plan, gradients: gradients, images: pass.input)
    self.encoder = encoder
    variance = pass.reconstruction.variance.parameter.map {
      VarianceGradient(
        loss: pass.losses[rows: 0..<1], parameter: $0, pixels: configuration.pixels,
        scale: 1 / Float(rows), gradient: training.gradients.scalars[0].tensor)
    }
    self.freeBits = freeBits.map {
      FreeBits(
        minimum: $0, head: pass.head, posterior: configuration.posterior,
        divergence: plan.latentDivergences, headGradient: encoder.outputGradient)
    }
    if let bound, let draws = pass.draws {
      reparameterize = nil
      self.draws = DrawStep(
        plan, pass, draws, bound, logitsGradient: decoder.layers.outputGradient,
        codeGradient: decoder.codeGradient, headGradient: encoder.outputGradient)
    } else {
      let codeGradient = decoder.codeGradient
      reparameterize = pass.reparameterize.map {
        ReparameterizeGradient(
          head: $0.head, posterior: $0.posterior, codeGradient: codeGradient,
          headGradient: encoder.outputGradient)
      }
      draws = nil
    }
    update = ParameterUpdate(
      optimizer, decoder.layers.parameterGradients + encoder.parameterGradients,
      others: variance.map { [$0.gradient] } ?? [], clipNorm: clipNorm,
      keepingGradients: keepingGradients, parameters: plan.parameters.region, training: training)
    layerNames = [configuration.decoderLayers, configuration.encoderLayers].flatMap {
      $0.reversed().map(\.name)
    }
    lossSums = plan.lossSums
  }

  /// Every tensor that the step writes, in the order it does.
  package var trace: [TracedTensor] {
    let code = pass.reparameterize.map { [TracedTensor(Reparameterize.name, "code", $0.code)] }
    let divergence = pass.divergence.map { [TracedTensor(KLDivergence.name, "kl", $0.divergence)] }
    let head = reparameterize.map {
      [TracedTensor(ReparameterizeGradient.name, "head gradient", $0.headGradient)]
    }
    let variance = variance.map {
      [TracedTensor(VarianceGradient.name, "variance gradient", $0.gradient)]
    }
    let freeBits = freeBits.map {
      [TracedTensor(LatentDivergence.name, "kl per dimension", $0.divergences)]
    }
    let forward =
      pass.corruptionTrace + pass.encoder.trace + (pass.draws?.trace ?? []) + (code ?? [])
      + pass.decoder.trace
    let losses =
      [
        TracedTensor(ReconstructionLoss.name, "reconstruction", pass.reconstruction.loss),
        TracedTensor(
          ReconstructionLossGradient.name, "logits gradient", decoder.layers.outputGradient),
      ] + (draws?.lossTrace ?? divergence ?? []) + (freeBits ?? [])
      + [TracedTensor(SumRows.name, "loss sums", lossSums[rows: 0..<1])] + (variance ?? [])
    return forward + losses + decoder.layers.trace + (draws?.headTrace ?? head ?? [])
      + encoder.trace
      + update.trace(layerNames, decoder.layers.parameterGradients + encoder.parameterGradients)
  }

  /// Enqueues the step on the images already gathered; the sums of its losses, and the norm of gradients to
  /// be clipped, go to `slot`.
  package func run(
    on backend: any Backend, noise: Noise, beta: Double, learningRate: Double, step: Int, slot: Int
  ) {
    let klWeight = Float(beta / Double(pass.rows))
    runForward(on: backend, noise: noise, slot: slot)
    if let variance { backend.run(variance) }
    draws?.runWeights(on: backend)
    decoder.layers.run(on: backend)
    let headWeight = freeBits == nil ? klWeight : 0
    if let reparameterize { backend.run(reparameterize, noise: noise, klWeight: headWeight) }
    draws?.runHead(on: backend, noise: noise, klWeight: headWeight)
    if let freeBits { backend.run(freeBits.gradient, klWeight: klWeight) }
    encoder.run(on: backend)
    update.run(on: backend, learningRate: learningRate, step: step, slot: slot)
  }

  /// Enqueues the step as far as its losses, whose sums go to `slot`.
  package func runForward(on backend: any Backend, noise: Noise, slot: Int) {
    pass.encoder.run(on: backend)
    pass.drawCode(on: backend, noise: noise)
    pass.decoder.run(on: backend)
    backend.run(decoder.reconstruction)
    if let draws {
      draws.runLosses(on: backend, noise: noise)
    } else if let divergence = pass.divergence {
      backend.run(divergence)
    }
    if let freeBits { backend.run(freeBits.divergence) }
    backend.run(pass.sumLosses, output: lossSums[rows: slot..<slot + 1])
  }
}
