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

  var logarithmOfTwoPi: Float { 1.837_877_1 }

  func divergence(_ posterior: Posterior, _ mean: Float, _ spread: Float) -> Float {
    switch posterior {
    case .logVariance: return 0.5 * (mean * mean + (expm1(spread) - spread))
    case .sigma:
      let square = spread * spread
      return 0.5 * (mean * mean + (square - log(square + Posterior.logarithmGuard) - 1))
    }
  }

  func logVariance(_ parameter: Float) -> Float {
    (parameter < -12 ? -12 : parameter) + log1p(exp(-abs(parameter + 12)))
  }

  /// A pixel of the diagonal Gaussian; twice its loss, without the constant.
  func gaussian(_ logit: Float, _ parameter: Float, _ target: Float)
    -> (loss: Float, logitGradient: Float, parameterGradient: Float)
  {
    let (pixel, logVariance) = (sigmoid(logit), logVariance(parameter))
    let (difference, precision) = (pixel - target, exp(-logVariance))
    let excess = difference * difference * precision
    return (
      logVariance + excess, difference * (pixel * (1 - pixel)) * precision,
      0.5 * (1 - excess) * sigmoid(parameter + 12)
    )
  }
}
