import Backend

/// The end of a training step: the parameters' gradients and the optimizer's step with them.
enum ParameterUpdate: Sendable {
  /// Both at once, the gradients being spent; then convolutions one after the other, and Adam on parameters
  /// that are no layer's.
  case fused(DenseUpdate, [(ParameterGradient, AdamUpdate)], [AdamUpdate])
  /// The gradients, then the optimizer on the whole region.
  case adam([ParameterGradient], AdamUpdate)
  case momentum([ParameterGradient], MomentumUpdate)

  /// - Parameters:
  ///   - others: gradients that are there already.
  ///   - keepingGradients: whether the gradients must be there afterwards.
  ///   - regions: all parameters, their gradients and the optimizer's arrays.
  init(
    _ optimizer: Optimizer, _ gradients: [ParameterGradient], others: [Tensor],
    keepingGradients: Bool,
    parameters: Tensor, gradientRegion: Tensor, state: [Tensor]
  ) {
    switch optimizer {
    case .adam(let beta1, let beta2, let epsilon):
      let adam = AdamUpdate(
        parameters: parameters, gradients: gradientRegion, firstMoment: state[0],
        secondMoment: state[1], beta1: beta1, beta2: beta2, epsilon: epsilon)
      let fused = DenseUpdate(gradients: gradients.compactMap(\.dense), adam: adam)
      let convolutions = gradients.filter { $0.dense == nil }
      self =
        keepingGradients
        ? .adam(gradients, adam)
        : .fused(
          fused, convolutions.map { ($0, fused.adam(for: $0.region)) },
          others.map { fused.adam(for: $0) })
    case .sgd(let momentum):
      self = .momentum(
        gradients,
        MomentumUpdate(
          parameters: parameters, gradients: gradientRegion, velocity: state[0],
          momentum: momentum))
    }
  }

  /// Enqueues update number `step`, counted from 1.
  func run(on backend: any Backend, learningRate: Double, step: Int) {
    switch self {
    case .fused(let update, let convolutions, let others):
      let rate = update.adam.rate(learningRate: learningRate, step: step)
      backend.run(update, rate: rate)
      for (gradient, adam) in convolutions {
        gradient.run(on: backend)
        backend.run(adam, rate: rate)
      }
      for other in others { backend.run(other, rate: rate) }
    case .adam(let gradients, let update):
      for gradient in gradients { gradient.run(on: backend) }
      backend.run(update, rate: update.rate(learningRate: learningRate, step: step))
    case .momentum(let gradients, let update):
      for gradient in gradients { gradient.run(on: backend) }
      backend.run(update, learningRate: Float(learningRate))
    }
  }

  /// What it writes; `names` are the layers', in the gradients' order.
  func trace(_ names: [String], _ gradients: [ParameterGradient]) -> [TracedTensor] {
    switch self {
    case .fused(let update, _, let others):
      // The dense layers' first, as they run.
      let layers = zip(names, gradients)
      let dense = layers.filter { $1.dense != nil }.flatMap { name, gradient in
        [("weight", gradient.weights), ("bias", gradient.bias)].flatMap { part, tensor in
          Self.trace(update.adam(for: tensor), of: "\(name).\(part) ", by: DenseUpdate.name)
        }
      }
      let convolutions = layers.filter { $1.dense == nil }.flatMap { name, gradient in
        gradient.trace(name)
          + Self.trace(update.adam(for: gradient.region), of: "\(name) ", by: AdamUpdate.name)
      }
      return dense + convolutions
        + others.flatMap { Self.trace($0, of: "variance ", by: AdamUpdate.name) }
    case .adam(let gradients, let update):
      return Self.trace(gradients, names) + Self.trace(update, of: "", by: AdamUpdate.name)
    case .momentum(let gradients, let update):
      return Self.trace(gradients, names) + [
        TracedTensor(MomentumUpdate.name, "velocity", update.velocity),
        TracedTensor(MomentumUpdate.name, "parameters", update.parameters),
      ]
    }
  }

  private static func trace(_ adam: AdamUpdate, of part: String, by operation: String)
    -> [TracedTensor]
  {
    [
      TracedTensor(operation, part + "first moment", adam.firstMoment),
      TracedTensor(operation, part + "second moment", adam.secondMoment),
      TracedTensor(operation, part + "parameters", adam.parameters),
    ]
  }

  private static func trace(_ gradients: [ParameterGradient], _ names: [String]) -> [TracedTensor] {
    zip(names, gradients).flatMap { name, gradient in gradient.trace(name) }
  }
}
