import Foundation

/// The scale of a plot's axis: where values lie, and which of them are marked.
package struct Axis {
  package let isLogarithmic: Bool
  /// Where the axis begins and ends.
  let ends: ClosedRange<Double>
  /// What is marked, in ascending order.
  package let ticks: [Double]

  /// An axis along which all of `values` that are finite, and on a logarithmic one positive, have room, and
  /// whose ends are marked; `nil` where there are none.
  package init?(_ values: [Double], isLogarithmic: Bool = false) {
    let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    guard let least = usable.min(), let most = usable.max() else { return nil }
    self.isLogarithmic = isLogarithmic
    if isLogarithmic {
      let low = log10(least).rounded(.down)
      let decades = max(log10(most).rounded(.up) - low, 1)
      let step = (decades / 7).rounded(.up)
      ticks = (0...Int((decades / step).rounded(.up))).map { pow(10, low + step * Double($0)) }
    } else {
      let step = Self.step(from: least, to: most)
      let first = (least / step).rounded(.down)
      let last = max((most / step).rounded(.up), first + 1)
      ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    }
    ends = ticks[0]...ticks[ticks.count - 1]
  }

  /// A linear axis of just `ends`, with its marks inside, whole ones where only those make sense.
  package init(_ ends: ClosedRange<Double>, wholeMarks: Bool = false) {
    isLogarithmic = false
    self.ends = ends
    let step = Self.step(from: ends.lowerBound, to: ends.upperBound)
    let spacing = wholeMarks ? max(step.rounded(.up), 1) : step
    ticks = stride(
      from: (ends.lowerBound / spacing).rounded(.up),
      through: (ends.upperBound / spacing).rounded(.down), by: 1
    ).map { $0 * spacing }
  }

  /// 1, 2 or 5 times a power of ten, of which at most five lie between the two.
  private static func step(from least: Double, to most: Double) -> Double {
    let span = max(most - least, abs(most) * 1e-6, .leastNormalMagnitude)
    let power = pow(10, log10(span / 4).rounded(.down))
    return [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= 5 } ?? span
  }

  /// Where `value` lies: 0 at the axis' beginning, 1 at its end, beyond them never.
  package func position(of value: Double) -> Double {
    let (low, high) = (scaled(ends.lowerBound), scaled(ends.upperBound))
    return high > low ? min(max((scaled(value) - low) / (high - low), 0), 1) : 0
  }

  private func scaled(_ value: Double) -> Double { isLogarithmic ? log10(value) : value }

  /// `10⁻⁶`, or the number itself.
  package func label(_ tick: Double) -> String {
    guard isLogarithmic else {
      return String(format: "%.6g", tick).replacing("-", with: "−")
    }
    let exponent = String(Int(log10(tick).rounded()))
    return "10" + String(exponent.map { Self.superscripts[$0] ?? $0 })
  }

  private static let superscripts = Dictionary(
    uniqueKeysWithValues: zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
}
