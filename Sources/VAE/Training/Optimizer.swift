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
