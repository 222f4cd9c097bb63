import Foundation

/// The scale of a plot's axis: where values lie, and which of them are marked.
struct Axis {
  let isLogarithmic: Bool
  /// What is marked, in ascending order; the outer two are the axis' ends.
  let ticks: [Double]

  /// An axis along which all of `values` that are finite, and on a logarithmic one positive, have room;
  /// `nil` where there are none.
  init?(_ values: [Double], isLogarithmic: Bool) {
    let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    guard let least = usable.min(), let most = usable.max() else { return nil }
    self.isLogarithmic = isLogarithmic
    if isLogarithmic {
      let low = log10(least).rounded(.down)
      let decades = max(log10(most).rounded(.up) - low, 1)
      let step = (decades / 7).rounded(.up)
      ticks = (0...Int((decades / step).rounded(.up))).map { pow(10, low + step * Double($0)) }
    } else {
      let span = max(most - least, abs(most) * 1e-6, .leastNormalMagnitude)
      let power = pow(10, log10(span / 4).rounded(.down))
      let step = [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= 5 } ?? span
      let first = (least / step).rounded(.down)
      let last = max((most / step).rounded(.up), first + 1)
      ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    }
  }

  /// Where `value` lies: 0 at the axis' beginning, 1 at its end, beyond them never.
  func position(of value: Double) -> Double {
    guard let first = ticks.first, let last = ticks.last else { return 0 }
    let (low, high) = (scaled(first), scaled(last))
    return min(max((scaled(value) - low) / (high - low), 0), 1)
  }

  private func scaled(_ value: Double) -> Double { isLogarithmic ? log10(value) : value }

  /// `10⁻⁶`, or the number itself.
  func label(_ tick: Double) -> String {
    guard isLogarithmic else { return String(format: "%.6g", tick) }
    let exponent = String(Int(log10(tick).rounded()))
    return "10" + String(exponent.map { Self.superscripts[$0] ?? $0 })
  }

  private static let superscripts = Dictionary(
    uniqueKeysWithValues: zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
}
