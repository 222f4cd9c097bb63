import Foundation

// The formulas of `Activation`, `Posterior` and `Likelihood` in `Double`: what each case means, once.

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

extension Posterior {
  /// σ, or −σ where the `sigma` head turned negative.
  public func deviation(_ spread: Double) -> Double {
    switch self {
    case .logVariance: exp(spread / 2)
    case .sigma: spread
    }
  }

  /// ln σ²; for the `sigma` head ln(σ² + 10⁻¹⁰), which its KL term has too.
  public func logVariance(_ spread: Float) -> Float {
    switch self {
    case .logVariance: spread
    case .sigma: Float(log(Double(spread) * Double(spread) + Double(Self.logarithmGuard)))
    }
  }

  /// One dimension's KL(N(μ, σ²) ‖ N(0, 1)) in nats.
  public func divergence(mean: Double, spread: Double) -> Double {
    switch self {
    case .logVariance: 0.5 * (mean * mean + expm1(spread) - spread)
    case .sigma:
      0.5
        * (mean * mean + spread * spread - log(spread * spread + Double(Posterior.logarithmGuard))
          - 1)
    }
  }

  /// One dimension's ln q(z|x) − ln p(z) in nats at z = μ + σ·ε, ε being `draw`: see `SampledDivergence`.
  public func sampledDivergence(mean: Double, spread: Double, draw: Double) -> Double {
    let (excess, logVariance) =
      switch self {
      case .logVariance: (expm1(spread / 2), spread)
      case .sigma: (spread - 1, log(spread * spread + Double(Self.logarithmGuard)))
      }
    let distance = mean + excess * draw
    return 0.5 * (distance * (distance + 2 * draw) - logVariance)
  }

  /// Its derivative with respect to the spread.
  public func divergenceSlope(_ spread: Double) -> Double {
    switch self {
    case .logVariance: 0.5 * expm1(spread)
    case .sigma: spread - spread / (spread * spread + Double(Posterior.logarithmGuard))
    }
  }
}

extension Likelihood {
  /// One pixel's loss; of a Gaussian its squared error, see `ReconstructionLoss.squaredErrorTerms`.
  public func loss(logit: Double, target: Double) -> Double {
    switch self {
    case .bernoulli: max(logit, 0) - logit * target + log1p(exp(-abs(logit)))
    case .squaredError, .gaussian, .gaussianLearned, .gaussianDiagonal:
      (logistic(logit) - target) * (logistic(logit) - target)
    }
  }

  /// Its derivative with respect to the logit.
  public func gradient(logit: Double, target: Double) -> Double {
    let pixel = logistic(logit)
    return switch self {
    case .bernoulli: pixel - target
    case .squaredError, .gaussian, .gaussianLearned, .gaussianDiagonal:
      2 * (pixel - target) * pixel * (1 - pixel)
    }
  }
}

extension Corruption {
  /// What becomes of a pixel, by its draw from `distribution`.
  public func value(_ pixel: Double, draw: Double) -> Double {
    switch kind {
    case .gaussian:
      let noisy = pixel + Double(amount) * draw
      return noisy < 0 ? 0 : noisy > 1 ? 1 : noisy
    case .mask, .saltPepper:
      return draw < Double(black) ? 0 : draw < Double(amount) ? 1 : pixel
    }
  }
}

/// σ(a) = 1/(1 + e⁻ᵃ).
func logistic(_ argument: Double) -> Double { 1 / (1 + exp(-argument)) }
