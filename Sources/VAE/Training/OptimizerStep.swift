import Backend

/// The optimizer's operation on the region of all parameters, and what of its rate is fixed.
enum OptimizerStep: Sendable {
  case adam(AdamUpdate, weightDecay: Double)
  case momentum(MomentumUpdate)

  /// - Parameters: the regions of all parameters, their gradients and the optimizer's arrays.
  init(_ optimizer: Optimizer, parameters: Tensor, gradients: Tensor, state: [Tensor]) {
    func adam(_ beta1: Float, _ beta2: Float, _ epsilon: Float, _ weightDecay: Double) -> Self {
      .adam(
        AdamUpdate(
          parameters: parameters, gradients: gradients, firstMoment: state[0],
          secondMoment: state[1], beta1: beta1, beta2: beta2, epsilon: epsilon),
        weightDecay: weightDecay)
    }
    switch optimizer {
    case .adam(let beta1, let beta2, let epsilon):
      self = adam(beta1, beta2, epsilon, 0)
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      self = adam(beta1, beta2, epsilon, weightDecay)
    case .sgd(let momentum):
      self = .momentum(
        MomentumUpdate(
          parameters: parameters, gradients: gradients, velocity: state[0], momentum: momentum))
    }
  }

  /// Enqueues step number `step`, counted from 1.
  func run(on backend: any Backend, learningRate: Double, step: Int) {
    switch self {
    case .adam(let update, let weightDecay):
      backend.run(
        update, rate: update.rate(learningRate: learningRate, weightDecay: weightDecay, step: step))
    case .momentum(let update):
      backend.run(update, learningRate: Float(learningRate))
    }
  }

  /// What it writes.
  var trace: [TracedTensor] {
    switch self {
    case .adam(let update, _): update.trace(of: "", by: AdamUpdate.name)
    case .momentum(let update):
      [
        TracedTensor(MomentumUpdate.name, "velocity", update.velocity),
        TracedTensor(MomentumUpdate.name, "parameters", update.parameters),
      ]
    }
  }
}

extension AdamUpdate {
  /// What it writes, as part of `operation`.
  func trace(of part: String, by operation: String) -> [TracedTensor] {
    [
      TracedTensor(operation, part + "first moment", firstMoment),
      TracedTensor(operation, part + "second moment", secondMoment),
      TracedTensor(operation, part + "parameters", parameters),
    ]
  }
}
