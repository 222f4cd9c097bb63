import Backend
import Foundation

// The formulas of `SingleBackend`, in single precision throughout.

extension SingleBackend {
  func positive(_ argument: Float) -> Float { argument < 0 ? 0 : argument }
  func sigmoid(_ argument: Float) -> Float { 1 / (1 + exp(-argument)) }

  func value(_ activation: Activation, _ argument: Float) -> Float {
    switch activation {
    case .identity: argument
    case .relu: positive(argument)
    case .tanh: tanh(argument)
    case .sigmoid: sigmoid(argument)
    case .softplus: positive(argument) + log1p(exp(-abs(argument)))
    case .elu: argument > 0 ? argument : expm1(argument)
    case .silu: argument * sigmoid(argument)
    }
  }

  func slope(_ activation: Activation, _ saved: Float) -> Float {
    switch activation {
    case .identity: 1
    case .relu: saved > 0 ? 1 : 0
    case .tanh: 1 - saved * saved
    case .sigmoid: saved * (1 - saved)
    case .softplus: -expm1(-saved)
    case .elu: saved > 0 ? 1 : saved + 1
    case .silu: sigmoid(saved) * (1 + saved * (1 - sigmoid(saved)))
    }
  }
}
