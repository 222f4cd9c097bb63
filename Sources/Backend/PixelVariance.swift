import Foundation

/// σ² of a Gaussian likelihood that has one for all pixels.
public enum PixelVariance: Hashable, Sendable {
  /// σ² itself.
  case given(Float)
  /// σ² = e^v with v = `logVariance(s)` of one element s of the arena, a parameter of the model.
  case learned(Tensor)

  /// Where s is, if it is learned.
  public var parameter: Tensor? {
    if case .learned(let tensor) = self { tensor } else { nil }
  }

  /// The least ln σ²: σ ≥ e⁻⁶ = 0.0025, two thirds of the step between two of 256 grey levels.
  ///
  /// Below it a density would reward the rounding of pixels to 8 bits, without end where a pixel never
  /// changes: its loss falls by ½ nat for each nat of ln σ². Rybkin et al. bound ln σ at −6 too.
  public static let leastLogVariance: Float = -12

  /// v(s) = −12 + ln(1 + e^{s + 12}): s itself, but for e^{−s − 12}, and never below −12. As
  /// max(s, −12) + ln(1 + e^{−|s + 12|}) nothing cancels.
  public static func logVariance(_ parameter: Double) -> Double {
    let least = Double(leastLogVariance)
    return max(parameter, least) + log1p(exp(-abs(parameter - least)))
  }

  /// v′(s) = σ(s + 12): the bound is soft, so that a variance that lies on it can grow again.
  public static func slope(_ parameter: Double) -> Double {
    logistic(parameter - Double(leastLogVariance))
  }
}

extension ReconstructionLoss {
  /// What a row's squared error is multiplied by, and what is added to it: ½/σ² and D/2·(ln 2π + ln σ²) for a
  /// Gaussian, 1 and 0 for the squared error alone.
  ///
  /// - Parameter parameter: s, where the variance is learned.
  public func squaredErrorTerms(parameter: Double = 0) -> (weight: Double, constant: Double) {
    let logVariance: Double
    switch (likelihood, variance) {
    case (.gaussian, .given(let variance)): logVariance = log(Double(variance))
    case (.gaussianLearned, _): logVariance = PixelVariance.logVariance(parameter)
    default: return (1, 0)
    }
    return (
      0.5 * exp(-logVariance),
      0.5 * Double(target.columns) * (log(2 * Double.pi) + logVariance)
    )
  }
}

extension Likelihood {
  /// One pixel of the diagonal Gaussian: ½(ln 2π + v + q) with q = (y − x)²/σ², and its derivatives with
  /// respect to the logit, (y − x)/σ²·y·(1 − y), and to s, ½(1 − q)·v′(s).
  public static func diagonalGaussian(logit: Double, parameter: Double, target: Double)
    -> (loss: Double, logitGradient: Double, parameterGradient: Double)
  {
    let logVariance = PixelVariance.logVariance(parameter)
    let (pixel, precision) = (logistic(logit), exp(-logVariance))
    let difference = pixel - target
    let excess = difference * difference * precision
    return (
      0.5 * (log(2 * Double.pi) + logVariance + excess),
      difference * pixel * (1 - pixel) * precision,
      0.5 * (1 - excess) * PixelVariance.slope(parameter)
    )
  }
}
