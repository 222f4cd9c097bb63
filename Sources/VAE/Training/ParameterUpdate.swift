import Backend

/// The end of a training step: the parameters' gradients, which may be clipped, and the optimizer's step with
/// them.
struct ParameterUpdate: Sendable {
  private enum Path {
    /// Gradients and Adam's step at once, the gradients being spent; then Adam on parameters that are no
    /// layer's.
    case fused(DenseUpdate, others: [AdamUpdate], weightDecay: Double)
    /// Each for itself.
    case apart([DenseParameterGradient], GradientClip?, OptimizerStep)
  }

  private let path: Path

  /// - Parameters:
  ///   - others: gradients that are there already.
  ///   - clipNorm: what the gradients' global norm may be, if there is a limit.
  ///   - keepingGradients: whether the gradients must be there afterwards, unclipped.
  ///   - parameters: the region of all parameters.
  init(
    _ optimizer: Optimizer, _ gradients: [DenseParameterGradient], others: [Tensor],
    clipNorm: Double?, keepingGradients: Bool, parameters: Tensor, training: GraphPlan.TrainingArena
  ) {
    let region = training.gradients.region
    let step = OptimizerStep(
      optimizer, parameters: parameters, gradients: region, state: training.state.map(\.region))
    let clip =
      keepingGradients ? nil : clipNorm.map { GradientClip(region, limit: $0, in: training) }
    if case .adam(let adam, let weightDecay) = step, clip == nil, !keepingGradients {
      let fused = DenseUpdate(gradients: gradients, adam: adam)
      path = .fused(
        fused, others: others.map { fused.adam(for: $0) }, weightDecay: weightDecay)
    } else {
      path = .apart(gradients, clip, step)
    }
  }

  /// Enqueues update number `step`, counted from 1; a clip leaves its norm in `slot`.
  func run(on backend: any Backend, learningRate: Double, step: Int, slot: Int) {
    switch path {
    case .fused(let update, let others, let weightDecay):
      let rate = update.adam.rate(
        learningRate: learningRate, weightDecay: weightDecay, step: step)
      backend.run(update, rate: rate)
      for other in others { backend.run(other, rate: rate) }
    case .apart(let gradients, let clip, let optimizer):
      for gradient in gradients { backend.run(gradient) }
      clip?.run(on: backend, slot: slot)
      optimizer.run(on: backend, learningRate: learningRate, step: step)
    }
  }

  /// What it writes; `names` are the layers', in the gradients' order.
  func trace(_ names: [String]) -> [TracedTensor] {
    switch path {
    case .fused(let update, let others, _):
      zip(names, update.gradients).flatMap { name, gradient in
        [("weight", gradient.weightGradient), ("bias", gradient.biasGradient)].flatMap {
          part, tensor in
          update.adam(for: tensor).trace(of: "\(name).\(part) ", by: DenseUpdate.name)
        }
      } + others.flatMap { $0.trace(of: "variance ", by: AdamUpdate.name) }
    case .apart(let gradients, let clip, let optimizer):
      Self.trace(gradients, names) + (clip?.trace ?? []) + optimizer.trace
    }
  }

  private static func trace(_ gradients: [DenseParameterGradient], _ names: [String])
    -> [TracedTensor]
  {
    zip(names, gradients).flatMap { name, gradient in
      [
        TracedTensor(
          DenseParameterGradient.name, "\(name).weight gradient", gradient.weightGradient),
        TracedTensor(
          DenseParameterGradient.name, "\(name).bias gradient", gradient.biasGradient),
      ]
    }
  }
}
