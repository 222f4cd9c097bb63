import Backend

/// The end of a training step: the parameters' gradients, which may be clipped, and the optimizer's step with
/// them.
struct ParameterUpdate: Sendable {
  private enum Path {
    /// Dense layers' gradients and Adam's step at once, the gradients being spent; then convolutions one after
    /// the other, and Adam on parameters that are no layer's.
    case fused(
      DenseUpdate, convolutions: [(ParameterGradient, AdamUpdate)], others: [AdamUpdate],
      weightDecay: Double)
    /// Each for itself.
    case apart([ParameterGradient], GradientClip?, OptimizerStep)
  }

  private let path: Path

  /// - Parameters:
  ///   - others: gradients that are there already.
  ///   - clipNorm: what the gradients' global norm may be, if there is a limit.
  ///   - keepingGradients: whether the gradients must be there afterwards, unclipped.
  ///   - parameters: the region of all parameters.
  init(
    _ optimizer: Optimizer, _ gradients: [ParameterGradient], others: [Tensor],
    clipNorm: Double?, keepingGradients: Bool, parameters: Tensor, training: GraphPlan.TrainingArena
  ) {
    let region = training.gradients.region
    let step = OptimizerStep(
      optimizer, parameters: parameters, gradients: region, state: training.state.map(\.region))
    let clip =
      keepingGradients ? nil : clipNorm.map { GradientClip(region, limit: $0, in: training) }
    if case .adam(let adam, let weightDecay) = step, clip == nil, !keepingGradients {
      let fused = DenseUpdate(gradients: gradients.compactMap(\.dense), adam: adam)
      let convolutions = gradients.filter { $0.dense == nil }
      path = .fused(
        fused, convolutions: convolutions.map { ($0, fused.adam(for: $0.region)) },
        others: others.map { fused.adam(for: $0) }, weightDecay: weightDecay)
    } else {
      path = .apart(gradients, clip, step)
    }
  }

  /// Enqueues update number `step`, counted from 1; a clip leaves its norm in `slot`.
  func run(on backend: any Backend, learningRate: Double, step: Int, slot: Int) {
    switch path {
    case .fused(let update, let convolutions, let others, let weightDecay):
      let rate = update.adam.rate(
        learningRate: learningRate, weightDecay: weightDecay, step: step)
      backend.run(update, rate: rate)
      for (gradient, adam) in convolutions {
        gradient.run(on: backend)
        backend.run(adam, rate: rate)
      }
      for other in others { backend.run(other, rate: rate) }
    case .apart(let gradients, let clip, let optimizer):
      for gradient in gradients { gradient.run(on: backend) }
      clip?.run(on: backend, slot: slot)
      optimizer.run(on: backend, learningRate: learningRate, step: step)
    }
  }

  /// What it writes; `names` are the layers', in the gradients' order.
  func trace(_ names: [String], _ gradients: [ParameterGradient]) -> [TracedTensor] {
    let layers = zip(names, gradients)
    switch path {
    case .fused(let update, _, let others, _):
      // The dense layers' first, as they run.
      let dense = layers.filter { $1.dense != nil }.flatMap { name, gradient in
        [("weight", gradient.weights), ("bias", gradient.bias)].flatMap { part, tensor in
          update.adam(for: tensor).trace(of: "\(name).\(part) ", by: DenseUpdate.name)
        }
      }
      let convolutions = layers.filter { $1.dense == nil }.flatMap { name, gradient in
        gradient.trace(name)
          + update.adam(for: gradient.region).trace(of: "\(name) ", by: AdamUpdate.name)
      }
      return dense + convolutions
        + others.flatMap { $0.trace(of: "variance ", by: AdamUpdate.name) }
    case .apart(_, let clip, let optimizer):
      return layers.flatMap { $1.trace($0) } + (clip?.trace ?? []) + optimizer.trace
    }
  }
}
