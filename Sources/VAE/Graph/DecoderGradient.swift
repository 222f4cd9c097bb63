import Backend

/// The way back from a pass's reconstruction losses through the decoder to its codes.
struct DecoderGradient: Sendable {
  /// The losses, and their gradient with respect to the logits.
  let reconstruction: ReconstructionLossGradient
  /// From the logits' gradient to the codes'.
  let layers: LayerStackGradient
  /// The gradient with respect to the codes, a row a code.
  let codeGradient: Tensor

  /// - Parameters:
  ///   - scale: what each code's loss is multiplied by.
  ///   - gradients: where the parameters' gradients go, an entry for each of the plan's layers, if they are
  ///     wanted.
  init(
    _ plan: GraphPlan, _ pass: Pass, scale: Float,
    gradients: [(weights: Tensor, bias: Tensor)]? = nil
  ) {
    let codeGradient = plan.codeGradient[rows: 0..<pass.code.rows]
    let layers = LayerStackGradient(
      of: plan.configuration.decoderLayers, parameters: plan.decoder(plan.parameters.tensors),
      gradients: gradients.map(plan.decoder), input: pass.code, buffers: plan.decoderBuffers,
      inputGradient: codeGradient)
    reconstruction = ReconstructionLossGradient(
      loss: pass.reconstruction, scale: scale, gradient: layers.outputGradient)
    self.layers = layers
    self.codeGradient = codeGradient
  }

  /// Enqueues the losses and the way back, of a pass whose decoder has run.
  func run(on backend: any Backend) {
    backend.run(reconstruction)
    layers.run(on: backend)
  }
}
