/// A number together with a bound on how far a single-precision evaluation of it may be off.
///
/// Formulas are written once with this type's operators, and the bound follows mechanically: Higham,
/// *Accuracy and Stability of Numerical Algorithms*, 2nd ed. (2002), section 3.3, "running error
/// analysis", carried out in `Double`, whose own rounding is 2⁻²⁹ of what is bounded. The model of
/// arithmetic is Higham's (2.4) with an underflow term (2.8):
///
///     fl(x ∘ y) = (x ∘ y)(1 + δ) + η,  |δ| ≤ u = 2⁻²⁴,  |η| ≤ 2⁻¹²⁶
///
/// The η is what flushing a result below the smallest normal number costs; a device that keeps
/// denormals errs by less. Subnormal inputs may be read as zero likewise (OpenCL C specification,
/// "Edge Case Behavior in Flush To Zero Mode"). A fused multiply-add leaves out one rounding, so
/// that it stays within the bound of the separate operations.
struct Bounded {
  /// The exact value, up to `Double`'s rounding.
  var value: Double
  /// How far the single-precision value may be from it.
  var error: Double

  /// u, the unit roundoff of single precision.
  static let unitRoundoff = 0x1p-24
  /// η, the smallest normal number.
  static let underflow = 0x1p-126

  init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }

  /// An input, which a device may read as zero where it is subnormal.
  init(_ input: Float) {
    value = Double(input)
    error = input.isSubnormal ? abs(value) : 0
  }

  /// A number that single precision holds exactly.
  init(exactly value: Double) { self.init(value: value, error: 0) }

  /// A result whose operands' errors amount to `inherited`, rounded once to within `ulps` units in
  /// the last place.
  ///
  /// One ulp of y is at most 2u·|y|. Its smaller value just below a power of two is not made use of:
  /// a formula's other forms, e⁻ᵃ in place of 1/eᵃ, put the powers of two elsewhere.
  init(rounded value: Double, inherited: Double, ulps: Double = 0.5) {
    self.value = value
    // What is infinite is so in any evaluation.
    error =
      value.isInfinite
      ? 0 : inherited + ulps * 2 * Self.unitRoundoff * (abs(value) + inherited) + Self.underflow
  }

  /// γₙ = n·u/(1 − n·u), which bounds the product of n factors 1 + δ (Higham, lemma 3.1).
  static func gamma(_ count: Int) -> Double {
    let roundings = Double(count) * unitRoundoff
    return roundings < 1 ? roundings / (1 - roundings) : .infinity
  }
}

extension Bounded {
  static func + (left: Bounded, right: Bounded) -> Bounded {
    Bounded(rounded: left.value + right.value, inherited: left.error + right.error)
  }

  static func - (left: Bounded, right: Bounded) -> Bounded { left + -right }

  static prefix func - (operand: Bounded) -> Bounded {
    Bounded(value: -operand.value, error: operand.error)
  }

  static func * (left: Bounded, right: Bounded) -> Bounded {
    Bounded(
      rounded: left.value * right.value,
      inherited: abs(left.value) * right.error + abs(right.value) * left.error
        + left.error * right.error)
  }

  /// To 2.5 ulp, as OpenCL's table has it for x/y.
  static func / (left: Bounded, right: Bounded) -> Bounded {
    let quotient = left.value / right.value
    let margin = abs(right.value) - right.error
    return Bounded(
      rounded: quotient,
      inherited: margin > 0 ? (left.error + abs(quotient) * right.error) / margin : .infinity,
      ulps: 2.5)
  }

  /// The quotient by a number that, as computed too, is at least `least`: no further off than at the corners
  /// of the two intervals.
  ///
  /// The two are taken for independent. Where a gradient is in as much doubt as it is large, Adam's step
  /// is therefore bounded by what its first moment over ε allows, and an error shows in the moments.
  func divided(by divisor: Bounded, atLeast least: Double) -> Bounded {
    let quotient = value / divisor.value
    let divisors = [max(divisor.value - divisor.error, least), divisor.value + divisor.error]
    let distances = divisors.flatMap {
      [abs((value - error) / $0 - quotient), abs((value + error) / $0 - quotient)]
    }
    // Without ε the divisor may be zero, and nothing is known.
    let isKnown = distances.allSatisfy(\.isFinite)
    return Bounded(
      rounded: quotient, inherited: isKnown ? distances.max() ?? 0 : .infinity, ulps: 2.5)
  }

  /// The half of it: exact but for underflow.
  var half: Bounded { Bounded(value: value / 2, error: error / 2 + Self.underflow) }

  /// Its magnitude: exact.
  var magnitude: Bounded { Bounded(value: abs(value), error: error) }

  /// max(x, 0): exact, and no further off than the ends of x's interval.
  var positivePart: Bounded {
    let positive = max(value, 0)
    return Bounded(
      value: value.isNaN ? value : positive,
      error: max(max(value + error, 0) - positive, positive - max(value - error, 0)))
  }
}

/// A sum of n terms, added in any order or shape of tree: its error is at most γₙ₋₁ times the sum of
/// the magnitudes (Higham, section 4.2), beside the terms' own errors.
struct BoundedSum {
  private var value = 0.0
  private var inherited = 0.0
  private var magnitude = 0.0
  private var count = 0

  mutating func add(_ term: Bounded) {
    value += term.value
    inherited += term.error
    magnitude += abs(term.value) + term.error
    count += 1
  }

  /// The sum; γₙ in place of γₙ₋₁, for a device that begins at zero and flushes.
  var total: Bounded {
    Bounded(
      value: value,
      error: inherited + Bounded.gamma(count) * magnitude + Double(count) * Bounded.underflow)
  }
}
