import Backend
import Foundation

extension ReferenceBackend {
  public func run(_ operation: Dense) {
    let (input, weights) = (operation.input, operation.weights)
    for row in 0..<input.rows {
      // The inner loop runs along a row of W, so that a whole run stays bearable.
      var sums = values(of: operation.bias)
      for inner in 0..<input.columns {
        let factor = self[input, row, inner]
        for column in 0..<weights.columns { sums[column] += factor * self[weights, inner, column] }
      }
      for column in 0..<weights.columns {
        self[operation.output, row, column] = operation.activation.value(sums[column])
      }
    }
  }

  public func run(_ operation: DenseInputGradient) {
    let (gradient, weights) = (operation.outputGradient, operation.weights)
    for row in 0..<gradient.rows {
      for column in 0..<weights.rows {
        var sum = 0.0
        for inner in 0..<gradient.columns {
          sum += self[gradient, row, inner] * self[weights, column, inner]
        }
        if operation.activation != .identity {
          sum *= operation.activation.derivative(saved: self[operation.saved, row, column])
        }
        self[operation.inputGradient, row, column] = sum
      }
    }
  }

  public func run(_ operation: DenseParameterGradient) {
    let (input, gradient) = (operation.input, operation.outputGradient)
    for column in 0..<gradient.columns { self[operation.biasGradient, column] = 0 }
    for index in 0..<operation.weightGradient.count { self[operation.weightGradient, index] = 0 }
    for row in 0..<input.rows {
      for column in 0..<gradient.columns {
        self[operation.biasGradient, column] += self[gradient, row, column]
      }
      for inner in 0..<input.columns {
        let factor = self[input, row, inner]
        for column in 0..<gradient.columns {
          self[operation.weightGradient, inner, column] += factor * self[gradient, row, column]
        }
      }
    }
  }

  public func run(_ operation: Activate) {
    for index in 0..<operation.input.count {
      self[operation.output, index] = operation.activation.value(self[operation.input, index])
    }
  }
}

extension Activation {
  /// f(a) in `Double`.
  public func value(_ argument: Double) -> Double {
    switch self {
    case .identity: argument
    case .relu: max(argument, 0)
    case .tanh: Foundation.tanh(argument)
    case .sigmoid: logistic(argument)
    case .softplus: max(argument, 0) + log1p(exp(-abs(argument)))
    case .elu: argument > 0 ? argument : expm1(argument)
    case .silu: argument * logistic(argument)
    }
  }

  /// f′ in `Double`, from f's value, or from its argument where `derivativeNeedsArgument`.
  public func derivative(saved: Double) -> Double {
    switch self {
    case .identity: 1
    case .relu: saved > 0 ? 1 : 0
    case .tanh: 1 - saved * saved
    case .sigmoid: saved * (1 - saved)
    case .softplus: -expm1(-saved)
    case .elu: saved > 0 ? 1 : saved + 1
    case .silu: logistic(saved) * (1 + saved * (1 - logistic(saved)))
    }
  }
}

/// σ(a) = 1/(1 + e⁻ᵃ).
func logistic(_ argument: Double) -> Double { 1 / (1 + exp(-argument)) }
