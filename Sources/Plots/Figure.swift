import Foundation
import Terminal

/// Numbers of a report, in few characters.
package enum Figure {
  /// Two significant digits: `1.2e-06`.
  package static func scientific(_ value: Double) -> String { String(format: "%.1e", value) }

  /// Three significant digits where they are short.
  package static func plain(_ value: Double) -> String { String(format: "%.3g", value) }

  /// At most six characters: `0.50`, `1592`, `4.3e5`.
  package static func short(_ value: Double) -> String {
    guard value >= 1e4, value.isFinite else {
      return String(format: value < 10 ? "%.2f" : "%.0f", value)
    }
    return scientific(value).replacing("e+0", with: "e").replacing("e+", with: "e")
  }

  /// `99.7 %`, `4.3e5 %`
  package static func percent(_ fraction: Double) -> String {
    fraction < 1 ? Format.percent(fraction) : short(100 * fraction) + " %"
  }
}
