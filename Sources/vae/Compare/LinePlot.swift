import Foundation

/// Lines over steps, as an SVG picture with a legend.
struct LinePlot {
  /// A line: its value at each step.
  struct Line {
    let name: String
    let values: [Double]
  }

  let title: String
  let lines: [Line]
  var isLogarithmic = false

  private static let (left, top, width, height) = (62.0, 10.0, 560.0, 220.0)

  /// Heading, picture and legend.
  var svg: String {
    let points = lines.flatMap(\.values).filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
      .map(scaled)
    guard var low = points.min(), var high = points.max() else { return "" }
    if high - low < 1e-12 { (low, high) = (low - 0.5, high + 0.5) }
    let ticks = (0...4).map { low + (high - low) * Double($0) / 4 }
    let grid = ticks.map { tick in
      let y = position(tick, low, high)
      return """
        <line x1="\(Self.left)" x2="\(Self.left + Self.width)" y1="\(y)" y2="\(y)" class="axis"/>\
        <text x="\(Self.left - 6)" y="\(y + 4)" text-anchor="end">\(label(tick))</text>
        """
    }.joined()
    let steps = max((lines.map(\.values.count).max() ?? 1) - 1, 1)
    let curves = lines.enumerated().map { index, line in
      let path = line.values.enumerated().compactMap { step, value -> String? in
        guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
        let x = Self.left + Self.width * Double(step) / Double(steps)
        return String(format: "%.1f,%.1f", x, position(scaled(value), low, high))
      }.joined(separator: " ")
      return "<polyline points=\"\(path)\" class=\"l\(index % 6)\"/>"
    }.joined()
    let legend = lines.enumerated().map { index, line in
      let x = Self.left + Double(index % 3) * 190
      let y = Self.top + Self.height + 34 + Double(index / 3) * 16
      return """
        <rect x="\(x)" y="\(y - 8)" width="14" height="4" class="c\(index % 6)"/>\
        <text x="\(x + 20)" y="\(y - 2)">\(escaped(line.name))</text>
        """
    }.joined()
    let bottom = Self.top + Self.height
    return """
      <h2>\(escaped(title))</h2><svg viewBox="0 0 640 \(bottom + 44 + Double(lines.count / 3) * 16)">\
      \(grid)\(curves)<text x="\(Self.left)" y="\(bottom + 14)">0</text>\
      <text x="\(Self.left + Self.width)" y="\(bottom + 14)" text-anchor="end">step \(steps)</text>\
      \(legend)</svg>
      """
  }

  private func scaled(_ value: Double) -> Double { isLogarithmic ? log10(value) : value }

  private func position(_ value: Double, _ low: Double, _ high: Double) -> Double {
    Self.top + Self.height * (1 - (value - low) / (high - low))
  }

  private func label(_ tick: Double) -> String {
    String(format: isLogarithmic ? "%.0e" : "%.4g", isLogarithmic ? pow(10, tick) : tick)
  }
}
