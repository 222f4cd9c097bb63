/// One step of Adam (Kingma and Ba 2014, algorithm 1) over all parameters at once, with decoupled weight
/// decay λ (Loshchilov and Hutter 2019, algorithm 2; 0 for none):
/// m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← (1 − ηλ)θ − η·m̂/(√v̂ + ε).
public struct AdamUpdate: Operation {
  /// `adam`
  public static let name = "adam"
  /// θ.
  public let parameters: Tensor
  /// g.
  public let gradients: Tensor
  /// m.
  public let firstMoment: Tensor
  /// v.
  public let secondMoment: Tensor
  /// β₁.
  public let beta1: Float
  /// β₂.
  public let beta2: Float
  /// ε.
  public let epsilon: Float

  /// Checks that the sizes fit.
  public init(
    parameters: Tensor, gradients: Tensor, firstMoment: Tensor, secondMoment: Tensor,
    beta1: Float, beta2: Float, epsilon: Float
  ) {
    precondition(
      gradients.count == parameters.count && firstMoment.count == parameters.count
        && secondMoment.count == parameters.count, "adam: θ, g, m and v have one size")
    self.parameters = parameters
    self.gradients = gradients
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// What changes from step to step.
  public struct Rate: Hashable, Sendable {
    /// η/(1 − β₁ᵗ).
    public let stepSize: Float
    /// 1/√(1 − β₂ᵗ), so that √v̂ is this times √v.
    public let inverseRootCorrection: Float
    /// 1 − ηλ; just 1 without weight decay, and then θ is not rounded once more.
    public let retention: Float
  }

  /// The rate of step `step`, counted from 1, at learning rate `learningRate` and with `weightDecay` λ,
  /// computed in `Double`.
  public func rate(learningRate: Double, weightDecay: Double = 0, step: Int) -> Rate {
    precondition(step >= 1, "adam counts its steps from 1")
    let first = 1 - power(Double(beta1), step)
    let second = 1 - power(Double(beta2), step)
    return Rate(
      stepSize: Float(learningRate / first), inverseRootCorrection: Float(1 / second.squareRoot()),
      retention: Float(1 - learningRate * weightDecay))
  }

  /// The number of parameters.
  public var shapes: String { "\(parameters.count)" }
}

/// One step of stochastic gradient descent with momentum: v ← μv + g; θ ← θ − ηv.
public struct MomentumUpdate: Operation {
  /// `momentum`
  public static let name = "momentum"
  /// θ.
  public let parameters: Tensor
  /// g.
  public let gradients: Tensor
  /// v.
  public let velocity: Tensor
  /// μ; 0 is plain gradient descent.
  public let momentum: Float

  /// Checks that the sizes fit.
  public init(parameters: Tensor, gradients: Tensor, velocity: Tensor, momentum: Float) {
    precondition(
      gradients.count == parameters.count && velocity.count == parameters.count,
      "momentum: θ, g and v have one size")
    self.parameters = parameters
    self.gradients = gradients
    self.velocity = velocity
    self.momentum = momentum
  }

  /// The number of parameters.
  public var shapes: String { "\(parameters.count)" }
}

/// baseᵉ by squaring: pow's result differs between C libraries, this one does not.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}

extension AdamUpdate {
  /// 13 a parameter: 3 for m, 4 for v, 6 for θ; θ, g, m and v read, θ, m and v written.
  public var cost: OperationCost {
    OperationCost(
      operations: OperationCost.adamOperations * parameters.count, elements: 7 * parameters.count)
  }
}

extension MomentumUpdate {
  /// 4 a parameter; θ, g and v read, θ and v written.
  public var cost: OperationCost {
    OperationCost(operations: 4 * parameters.count, elements: 5 * parameters.count)
  }
}
