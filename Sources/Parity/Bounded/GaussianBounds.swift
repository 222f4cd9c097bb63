import Backend
import Foundation

// The Gaussian likelihoods in running error analysis.

extension Bounded {
  /// ln 2π, as single precision has it.
  static let logarithmOfTwoPi = Bounded(rounded: log(2 * .pi), inherited: 0)
}

extension PixelVariance {
  /// v(s) = max(s, −12) + ln(1 + e^{−|s + 12|}).
  static func boundedLogVariance(_ parameter: Bounded) -> Bounded {
    let least = Bounded(leastLogVariance)
    let larger = Bounded(
      value: parameter.value.isNaN ? .nan : max(parameter.value, least.value),
      error: parameter.error)
    return larger + (-(parameter - least).magnitude).exponential.logarithmOnePlus
  }

  /// v′(s) = σ(s + 12).
  static func boundedSlope(_ parameter: Bounded) -> Bounded {
    (parameter - Bounded(leastLogVariance)).logistic
  }
}

extension ReconstructionLoss {
  /// A Gaussian's factor of a row's sum, and what is added to it: `squaredErrorTerms`, or ½ and D/2·ln 2π for
  /// the diagonal one's. Numbers known beforehand are rounded once.
  func boundedTerms(parameter: Bounded?) -> (weight: Bounded, constant: Bounded)? {
    let half = Bounded(exactly: 0.5 * Double(target.columns))
    if let parameter {
      let logVariance = PixelVariance.boundedLogVariance(parameter)
      return (
        (-logVariance).exponential.half, half * (.logarithmOfTwoPi + logVariance)
      )
    }
    if likelihood == .gaussianDiagonal {
      return (Bounded(exactly: 0.5), half * .logarithmOfTwoPi)
    }
    guard likelihood == .gaussian else { return nil }
    let terms = squaredErrorTerms()
    return (
      Bounded(rounded: terms.weight, inherited: 0), Bounded(rounded: terms.constant, inherited: 0)
    )
  }
}

/// A pixel of the diagonal Gaussian.
struct GaussianBounds {
  private let pixel, difference, logVariance, precision, excess, parameter: Bounded

  init(_ logit: Bounded, _ parameter: Bounded, _ target: Bounded) {
    pixel = logit.logistic
    difference = pixel - target
    logVariance = PixelVariance.boundedLogVariance(parameter)
    precision = (-logVariance).exponential
    excess = difference * difference * precision
    self.parameter = parameter
  }

  /// The terms of 2·loss − ln 2π.
  func addLoss(to sum: inout BoundedSum) {
    sum.add(logVariance)
    sum.add(excess)
  }

  /// (y − x)·y(1 − y)/σ². What underflows in y(1 − y) is worth 1/σ² times as much.
  var logitGradient: Bounded {
    difference * (pixel * (Bounded(exactly: 1) - pixel)) * precision
  }

  /// ½(1 − q)·v′(s).
  var parameterGradient: Bounded {
    (Bounded(exactly: 1) - excess).half * PixelVariance.boundedSlope(parameter)
  }
}
