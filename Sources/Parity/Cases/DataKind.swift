import Backend
import Foundation

/// What kind of numbers an operation is tried on.
public enum DataKind: String, Codable, Sendable, CaseIterable {
  /// Draws from N(0, 1).
  case ordinary
  /// Magnitudes from 2⁻²⁰ to 2²⁰.
  case mixedScale = "mixed scale"
  /// Terms that nearly cancel.
  case cancelling
  /// Subnormal numbers and the smallest normal ones, among ordinary ones.
  case denormal
  /// +0 and −0 among ordinary numbers.
  case signedZero = "signed zero"
  /// Arguments up to ±100, far into the activations' flat parts.
  case saturated
  /// Log-variances up to ±100, deviations from 0 to 10¹⁸.
  case extreme = "extreme spread"
  /// Some NaN and infinite elements.
  case nonFinite = "non-finite"
}

/// Numbers for a case's inputs, from one seeded sequence.
struct TestData {
  private var random: RandomNumbers
  let kind: DataKind

  init(kind: DataKind, noise: Noise) {
    self.kind = kind
    random = RandomNumbers(noise)
  }

  /// Which way along a matrix a `cancelling` operand changes its sign.
  enum Alternation { case none, alongRows, alongColumns }

  /// A matrix's elements, row by row. Two operands cancel if one of them alternates along the
  /// dimension that is summed over.
  mutating func matrix(rows: Int, columns: Int, alternation: Alternation = .none) -> [Float] {
    var values = [Float]()
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = number()
        let isNegative =
          switch alternation {
          case .none: false
          case .alongRows: column % 2 == 1
          case .alongColumns: row % 2 == 1
          }
        values.append(kind == .cancelling && isNegative ? -value : value)
      }
    }
    if kind == .nonFinite { spoil(&values, with: [.nan, .infinity, -.infinity]) }
    return values
  }

  /// One number of the kind, finite.
  mutating func number() -> Float {
    switch kind {
    case .ordinary, .nonFinite: normal()
    case .mixedScale: normal() * Float(exponent: Int(random.uniform() * 41) - 20)
    case .cancelling: 1 + normal() * 0x1p-10
    case .denormal: choice([normal(), normal() * 0x1p-127, normal() * 0x1p-124])
    case .signedZero: choice([normal(), 0, -0.0])
    case .saturated: choice([normal(), 20, -20, 50, -50, 87, -87, 89, -89, 100, -100])
    case .extreme: normal()
    }
  }

  /// Log-variances or deviations.
  mutating func spreads(count: Int, of posterior: Posterior) -> [Float] {
    var values = (0..<count).map { _ in
      switch (kind, posterior) {
      // Not between 88 and 90, where e^γ overflows but half of it does not.
      case (.extreme, .logVariance), (.saturated, .logVariance):
        choice([normal(), 80, -80, 60, -60, 100, -100, -200])
      case (.extreme, .sigma):
        choice([normal(), 0, -0.0, 1, -1, 1e-5, -1e-5, 1e-12, 1e-25, 1e10, -1e10, 1e18])
      // e^γ fits single precision.
      case (.mixedScale, .logVariance): max(-80, min(number(), 80))
      // KL is 0 at γ = 0 and at |σ| = 1.
      case (.cancelling, .logVariance): normal() * 0x1p-12
      default: number()
      }
    }
    // The order of σ − σ/σ² decides what an infinite σ becomes; NaN stays NaN.
    if kind == .nonFinite {
      spoil(&values, with: posterior == .logVariance ? [.nan, .infinity, -.infinity] : [.nan])
    }
    return values
  }

  /// Pixels in [0, 1], some of them exactly black or white.
  mutating func pixels(count: Int) -> [Float] {
    (0..<count).map { _ in
      kind == .nonFinite ? 0.25 : choice([Float(random.uniform()), 0, 1])
    }
  }

  /// Decoder outputs for `targets`.
  mutating func logits(for targets: [Float]) -> [Float] {
    var values = targets.map { target in
      // σ(a) ≈ x.
      kind == .cancelling && target > 0 && target < 1
        ? Float(log(Double(target) / (1 - Double(target)))) : number()
    }
    // +∞ − ∞·x is NaN or +∞ depending on the form of the loss.
    if kind == .nonFinite { spoil(&values, with: [.nan, -.infinity]) }
    return values
  }

  /// Parameters of a variance, on both sides of its bound.
  mutating func varianceParameters(count: Int) -> [Float] {
    (0..<count).map { _ in
      switch kind {
      case .saturated, .extreme: choice([normal(), -12, -12 + normal(), -40, -100, 20, 80])
      case .mixedScale: max(-1000, min(number(), 80))
      case .nonFinite: choice([normal(), .nan])
      default: number()
      }
    }
  }

  /// What an activation left behind for its derivative.
  mutating func saved(by activation: Activation, count: Int) -> [Float] {
    var values = (0..<count).map { _ in
      let value = number()
      return activation.derivativeNeedsArgument
        ? value : Float(activation.value(Double(value)))
    }
    // Where ReLU's slope is 0, whether 0·∞ is meant is a matter of form.
    guard kind == .nonFinite else { return values }
    if activation == .relu { return values.map { abs($0) + 1 } }
    spoil(&values, with: [.nan])
    return values
  }

  private mutating func normal() -> Float { Float(random.normal()) }

  private mutating func choice(_ values: [Float]) -> Float {
    values[Int(random.uniform() * Double(values.count))]
  }

  /// Puts each of `values` somewhere.
  private mutating func spoil(_ numbers: inout [Float], with values: [Float]) {
    guard !numbers.isEmpty else { return }
    for value in values { numbers[Int(random.uniform() * Double(numbers.count))] = value }
  }
}

extension Float {
  /// 2ᵉ.
  fileprivate init(exponent: Int) { self = Float(sign: .plus, exponent: exponent, significand: 1) }
}
