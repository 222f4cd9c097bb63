import Backend

/// How gradients move parameters.
public enum Optimizer: Codable, Hashable, Sendable {
  /// Adam (Kingma and Ba 2014).
  case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8)
  /// Stochastic gradient descent with momentum; 0 for none.
  case sgd(momentum: Float = 0.9)

  /// The arrays of the parameters' shapes that it keeps between steps.
  var stateNames: [String] {
    switch self {
    case .adam: ["first_moment", "second_moment"]
    case .sgd: ["velocity"]
    }
  }
}

/// An optimizer's operation on a model's whole parameter region.
enum OptimizerUpdate: Sendable {
  case adam(AdamUpdate)
  case momentum(MomentumUpdate)

  init(_ optimizer: Optimizer, parameters: Tensor, gradients: Tensor, state: [Tensor]) {
    switch optimizer {
    case .adam(let beta1, let beta2, let epsilon):
      self = .adam(
        AdamUpdate(
          parameters: parameters, gradients: gradients, firstMoment: state[0],
          secondMoment: state[1], beta1: beta1, beta2: beta2, epsilon: epsilon))
    case .sgd(let momentum):
      self = .momentum(
        MomentumUpdate(
          parameters: parameters, gradients: gradients, velocity: state[0], momentum: momentum))
    }
  }

  /// What it writes.
  var trace: [TracedTensor] {
    switch self {
    case .adam(let update):
      [
        TracedTensor(AdamUpdate.name, "first moment", update.firstMoment),
        TracedTensor(AdamUpdate.name, "second moment", update.secondMoment),
        TracedTensor(AdamUpdate.name, "parameters", update.parameters),
      ]
    case .momentum(let update):
      [
        TracedTensor(MomentumUpdate.name, "velocity", update.velocity),
        TracedTensor(MomentumUpdate.name, "parameters", update.parameters),
      ]
    }
  }

  /// Enqueues update number `step`, counted from 1.
  func run(on backend: any Backend, learningRate: Double, step: Int) {
    switch self {
    case .adam(let update):
      backend.run(update, rate: update.rate(learningRate: learningRate, step: step))
    case .momentum(let update):
      backend.run(update, learningRate: Float(learningRate))
    }
  }
}
