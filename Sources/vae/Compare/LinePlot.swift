import Foundation

/// Lines over training steps, as an SVG picture with a legend.
struct LinePlot {
  /// A line: its value at each step.
  struct Line {
    let name: String
    let values: [Double]
    var role = Role.backend
  }

  /// What a line stands for, and so how it is drawn.
  enum Role {
    case backend
    /// Wide and pale, so that lines upon it are seen.
    case reference
    case limit
  }

  /// What is plotted, with its unit.
  let quantity: String
  let lines: [Line]
  var isLogarithmic = false

  private static let (left, top, width, height) = (64.0, 26.0, 560.0, 220.0)
  private static let bottom = top + height

  /// The picture.
  var svg: String {
    let steps = max((lines.map(\.values.count).max() ?? 1) - 1, 1)
    guard let vertical = Axis(lines.flatMap(\.values), isLogarithmic: isLogarithmic),
      let horizontal = Axis([0, Double(steps)], isLogarithmic: false)
    else { return "<p>no finite value</p>" }
    func x(_ step: Double) -> String {
      // The last step, not the last mark, ends the plot.
      decimal(Self.left + Self.width * step / Double(steps))
    }
    func y(_ value: Double) -> String {
      decimal(Self.bottom - Self.height * vertical.position(of: value))
    }
    let rows = vertical.ticks.map { tick in
      """
      <line x1="\(Self.left)" x2="\(Self.left + Self.width)" y1="\(y(tick))" y2="\(y(tick))" \
      class="grid"/><text x="\(Self.left - 6)" y="\(y(tick))" dy="4" text-anchor="end" class="dim">\
      \(vertical.label(tick))</text>
      """
    }
    let marks = horizontal.ticks.filter { $0 <= Double(steps) && $0 == $0.rounded() }.map { tick in
      """
      <text x="\(x(tick))" y="\(Self.bottom + 16)" text-anchor="middle" class="dim">\
      \(horizontal.label(tick))</text>
      """
    }
    let curves = lines.enumerated().map { index, line in
      let points = line.values.enumerated().compactMap { step, value in
        value.isFinite && (!isLogarithmic || value > 0) ? "\(x(Double(step))),\(y(value))" : nil
      }
      return "<polyline points=\"\(points.joined(separator: " "))\" \(style(of: index))/>"
    }
    let legend = lines.enumerated().map { index, line in
      let note = line.values.allSatisfy(\.isFinite) ? "" : ", in part not finite"
      let (x, y) = (Self.left + Double(index % 2) * 290, Self.bottom + 42 + Double(index / 2) * 18)
      return """
        <polyline points="\(x),\(y - 4) \(x + 28),\(y - 4)" \(style(of: index))/>\
        <text x="\(x + 36)" y="\(y)">\(escaped(line.name))\(note)</text>
        """
    }
    return """
      <div class="wide"><svg viewBox="0 0 640 \(Self.bottom + 48 + Double((lines.count - 1) / 2) * 18)">
      <text x="16" y="12" class="dim">\(escaped(quantity))</text>\(rows.joined())
      \(marks.joined())<text x="\(Self.left + Self.width)" y="\(Self.bottom + 30)" text-anchor="end" \
      class="dim">step</text>
      \((curves + legend).joined(separator: "\n"))
      </svg></div>
      """
  }

  /// Class and dashes of a line; those of further backends leave gaps, through which the first are seen.
  private func style(of index: Int) -> String {
    switch lines[index].role {
    case .reference: return "class=\"reference\""
    case .limit: return "class=\"limit\""
    case .backend:
      let number = lines[..<index].count { $0.role == .backend }
      let dashes = number == 0 ? "" : " stroke-dasharray=\"\(2 + 4 * number) \(4 + 2 * number)\""
      return "class=\"l\(number % PageStyle.colors)\"\(dashes)"
    }
  }
}

/// `x` as SVG is given coordinates.
func decimal(_ x: Double) -> String { String(format: "%.1f", x) }
