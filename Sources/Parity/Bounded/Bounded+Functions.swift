import Foundation

/// Elementary functions, each with the accuracy that the OpenCL C specification asks of single
/// precision ("Relative Error as ULPs", the table for the full profile): exp 3, expm1 3, log 3, tanh 5,
/// sqrt 3, sinpi, cospi, sin and cos 4 ulp; log1p 4, for the kernels' own series, where the table has 2. The
/// other backends are held to the same.
extension Bounded {
  var exponential: Bounded { increasing(exp, ulps: 3) }
  /// eˣ − 1.
  var exponentialMinusOne: Bounded { increasing(expm1, ulps: 3) }
  var logarithm: Bounded { increasing(log, ulps: 3) }
  /// ln(1 + x).
  var logarithmOnePlus: Bounded { increasing(log1p, ulps: 4) }
  var hyperbolicTangent: Bounded { increasing(tanh, ulps: 5) }
  var squareRoot: Bounded { increasing({ max($0, 0).squareRoot() }, ulps: 3) }

  /// sin x for |x| ≤ π/4.
  var sine: Bounded { increasing(sin, ulps: 4) }
  /// cos x for |x| ≤ π/4, where its slope is at most |x|.
  var cosine: Bounded {
    Bounded(rounded: cos(value), inherited: (abs(value) + error) * error, ulps: 4)
  }

  /// σ(x) = 1/(1 + e⁻ˣ), or its equal eˣ/(1 + eˣ), whichever has no overflow.
  ///
  /// The errors of both forms are the same to first order: 3 ulp of the exponential, one addition,
  /// one division. Where 1 + e⁻ˣ overflows in single precision, σ(x) is below η.
  var logistic: Bounded {
    let decay = (-magnitude).exponential
    return (value < 0 ? decay : Bounded(exactly: 1)) / (Bounded(exactly: 1) + decay)
  }

  /// ln(1 + eˣ) = max(x, 0) + ln(1 + e^{−|x|}).
  var softplus: Bounded { positivePart + (-magnitude).exponential.logarithmOnePlus }

  /// x for x > 0, else eˣ − 1. Its slope is at most 1, on whichever side of 0 an evaluation lands.
  var exponentialLinear: Bounded {
    Bounded(
      rounded: value > 0 ? value : expm1(value), inherited: error, ulps: value > error ? 0 : 3)
  }

  /// An increasing function's image: the operand's error moves it no further than the ends of its
  /// interval do.
  private func increasing(_ function: (Double) -> Double, ulps: Double) -> Bounded {
    let image = function(value)
    let inherited =
      error == 0
      ? 0 : max(abs(function(value + error) - image), abs(image - function(value - error)))
    return Bounded(rounded: image, inherited: inherited, ulps: ulps)
  }
}
