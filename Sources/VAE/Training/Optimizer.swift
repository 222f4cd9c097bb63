import Backend

/// How gradients move parameters.
public enum Optimizer: Codable, Hashable, Sendable {
  /// Adam (Kingma and Ba 2014).
  case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8)
  /// Adam with decoupled weight decay λ, of weights and biases alike (Loshchilov and Hutter 2019).
  case adamW(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Double = 0.01)
  /// Stochastic gradient descent with momentum; 0 for none.
  case sgd(momentum: Float = 0.9)

  /// λ.
  package var weightDecay: Double {
    if case .adamW(_, _, _, let weightDecay) = self { weightDecay } else { 0 }
  }

  /// The arrays of the parameters' shapes that it keeps between steps.
  var stateNames: [String] {
    switch self {
    case .adam, .adamW: ["first_moment", "second_moment"]
    case .sgd: ["velocity"]
    }
  }
}
