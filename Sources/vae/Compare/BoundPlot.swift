import Foundation
import Parity
import Plots

/// How much of its bound every operation uses: a mark for each backend on a logarithmic scale.
struct BoundPlot {
  /// The backends' names, and what each was found to do.
  let names: [String]
  let reports: [ConformanceReport]

  private static let (left, top, width, row) = (190.0, 26.0, 420.0, 18.0)
  /// Shares of a bound below and above these stand at the plot's edges.
  private static let (least, most) = (1e-3, 1e8)

  /// The picture.
  var svg: String {
    let summaries = reports.map(\.summaries)
    let operations = summaries.first?.map(\.operation) ?? []
    func use(_ summary: OperationSummary) -> Double {
      // NaN and what was not written have no share of a bound: they stand beyond it.
      min(max(summary.boundUse, summary.failures > 0 ? 10 : Self.least), Self.most)
    }
    let uses = summaries.flatMap { $0.map(use) }
    guard let axis = Axis(uses + [Self.least, 1], isLogarithmic: true) else { return "" }
    let bottom = Self.top + Double(operations.count) * Self.row
    func x(_ use: Double) -> Double { Self.left + Self.width * axis.position(of: use) }
    func line(_ x: Double, _ style: String) -> String {
      """
      <line x1="\(decimal(x))" x2="\(decimal(x))" y1="\(Self.top)" y2="\(bottom)" class="\(style)"/>
      """
    }
    let scale = axis.ticks.map { tick in
      line(x(tick), "grid")
        + "<text x=\"\(decimal(x(tick)))\" y=\"\(bottom + 16)\" text-anchor=\"middle\" class=\"dim\">"
        + "\(tick <= Self.least ? "≤ " : "")\(Self.label(tick))</text>"
    }
    let rows = operations.enumerated().map { index, operation in
      let y = Self.top + (Double(index) + 0.5) * Self.row
      let marks = summaries.enumerated().compactMap { backend, summaries -> String? in
        guard let summary = summaries.first(where: { $0.operation == operation }) else {
          return nil
        }
        // Several backends in a row are spread, so that none hides another.
        let offset = 5 * (Double(backend) - Double(reports.count - 1) / 2)
        return mark(backend, x(use(summary)), y + offset, isBad: summary.failures > 0)
          + "<title>\(escaped("\(operation), \(names[backend]): \(Figure.percent(summary.boundUse))"))"
          + "\(summary.failures > 0 ? ", \(summary.failures) cases fail" : "")</title></path>"
      }
      return """
        <text x="\(Self.left - 10)" y="\(decimal(y + 4))" text-anchor="end">\(escaped(operation))</text>
        """ + marks.joined()
    }
    let legend = names.enumerated().map { index, name in
      let (x, y) = (Self.left + Double(index % 3) * 150, bottom + 40 + Double(index / 3) * 18)
      return mark(index, x, y - 4, isBad: false) + "</path>"
        + "<text x=\"\(x + 12)\" y=\"\(y)\">\(escaped(name))</text>"
    }
    return """
      <div class="wide"><svg viewBox="0 0 640 \(bottom + 48 + Double((names.count - 1) / 3) * 18)">
      \(scale.joined())\(line(x(1), "limit"))
      <text x="\(decimal(x(1)))" y="16" text-anchor="middle" class="bad">the bound</text>
      \(rows.joined(separator: "\n"))
      \(legend.joined())
      </svg></div>
      """
  }

  /// `10 %`, `100 %`, and above that times the bound.
  private static func label(_ use: Double) -> String {
    use > 1
      ? String(format: use < 1e5 ? "%.0f×" : "%.0e×", use) : String(format: "%g %%", 100 * use)
  }

  /// The beginning of a backend's mark: disc, square, diamond or triangle.
  private func mark(_ backend: Int, _ x: Double, _ y: Double, isBad: Bool) -> String {
    let shapes = [
      "m-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0", "m-4,-4h8v8h-8z",
      "m0,-5.5l5.5,5.5l-5.5,5.5l-5.5,-5.5z",
      "m0,-5l5,9h-10z",
    ]
    return """
      <path d="M\(decimal(x)),\(decimal(y))\(shapes[backend % shapes.count])" \
      class="\(isBad ? "bad" : "c\(backend % PageStyle.colors)")">
      """
  }
}
