import Foundation

/// The rectangle that values are drawn in: its axes, grid and marks.
struct PlotFrame {
  let horizontal: Axis
  let vertical: Axis
  let size: PlotSize
  /// What the axes measure, with units; the vertical one's stands above the plot.
  let titles: (horizontal: String, vertical: String)

  private var left: Double { size == .small ? 4 : 52 }
  private var right: Double { size.width - (size == .small ? 4 : 14) }
  private var top: Double { size == .small ? 16 : 26 }
  /// Where the horizontal axis is.
  var bottom: Double { size.height - (size == .small ? 14 : 38) }

  func x(_ value: Double) -> Double { left + (right - left) * horizontal.position(of: value) }
  func y(_ value: Double) -> Double { bottom - (bottom - top) * vertical.position(of: value) }

  /// A place as a path or a line of many points has it.
  func point(_ x: Double, _ y: Double) -> String { "\(decimal(self.x(x))),\(decimal(self.y(y)))" }

  /// Grid, marks and titles, to be drawn first.
  var svg: String { rows + columns }

  /// The same without marks on the horizontal axis.
  var rows: String {
    let rows = vertical.ticks.map { tick in
      let y = decimal(y(tick))
      return """
        <line x1="\(decimal(left))" x2="\(decimal(right))" y1="\(y)" y2="\(y)" class="grid"/>\
        <text x="\(decimal(left - 6))" y="\(y)" dy="4" text-anchor="end" class="dim">\
        \(vertical.label(tick))</text>
        """
    }
    return (size == .small ? [] : rows).joined() + """
      <text x="4.0" y="12.0" class="dim">\(escaped(titles.vertical))</text>\
      <text x="\(decimal(right))" y="\(decimal(bottom + 32))" text-anchor="end" class="dim">\
      \(escaped(titles.horizontal))</text>
      """
  }

  private var columns: String {
    horizontal.ticks.map { tick in
      """
      <text x="\(decimal(x(tick)))" y="\(decimal(bottom + (size == .small ? 12 : 16)))" \
      text-anchor="middle" class="dim">\(horizontal.label(tick))</text>
      """
    }.joined()
  }
}

/// How large a plot is, in units in which its text is 12 high.
package struct PlotSize: Equatable {
  let width: Double
  let height: Double

  /// Half a page's width, and a phone's.
  package static let half = PlotSize(width: 400, height: 270)
  /// A page's width.
  package static let whole = PlotSize(width: 640, height: 286)
  /// One of many, with marks along its foot alone.
  package static let small = PlotSize(width: 150, height: 100)
  /// For clouds of points.
  package static let square = PlotSize(width: 400, height: 400)
}

/// `x` as SVG is given coordinates.
package func decimal(_ x: Double) -> String { String(format: "%.1f", x) }
