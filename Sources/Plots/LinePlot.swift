/// Lines over steps, epochs or anything else that is counted, with a legend.
package struct LinePlot: Plot {
  /// A line: its value at each step.
  package struct Line {
    let name: String
    let values: [Double]
    let role: Role

    package init(name: String, values: [Double], role: Role = .measured) {
      self.name = name
      self.values = values
      self.role = role
    }
  }

  /// What a line stands for, and so how it is drawn.
  package enum Role {
    case measured
    /// Wide and pale, so that lines upon it are seen.
    case reference
    case limit
  }

  private let quantity: String
  private let lines: [Line]
  private let isLogarithmic: Bool
  private let first: Int
  private let counted: String
  private let size: PlotSize
  private let isNamed: Bool
  private let fromZero: Bool

  /// A plot of `lines`.
  ///
  /// - Parameters:
  ///   - quantity: what is plotted, with its unit.
  ///   - first: the number of the lines' first value.
  ///   - counted: what the numbers count.
  ///   - isNamed: whether there is a legend; without one the lines are many and alike.
  ///   - fromZero: whether the vertical axis has room for zero, whatever the values.
  package init(
    quantity: String, lines: [Line], isLogarithmic: Bool = false, first: Int = 0,
    counted: String = "step", size: PlotSize = .whole, isNamed: Bool = true, fromZero: Bool = false
  ) {
    self.fromZero = fromZero
    self.isNamed = isNamed
    self.quantity = quantity
    self.lines = lines
    self.isLogarithmic = isLogarithmic
    self.first = first
    self.counted = counted
    self.size = size
  }

  package var drawing: Drawing {
    let count = max((lines.map(\.values.count).max() ?? 1) - 1, 1)
    let legend = Legend(
      entries: (isNamed ? lines.indices : 0..<0).map { index in
        let note = lines[index].values.allSatisfy(\.isFinite) ? "" : ", in part not finite"
        return (
          { x, y in
            """
            <polyline points="\(decimal(x - 14)),\(decimal(y)) \(decimal(x + 14)),\(decimal(y))" \
            \(style(of: index))/>
            """
          }, lines[index].name + note
        )
      }, size: size)
    let content =
      Axis(lines.flatMap(\.values) + (fromZero ? [0] : []), isLogarithmic: isLogarithmic).map {
        vertical in
        let frame = PlotFrame(
          // The last step, not the last mark, ends the plot.
          horizontal: Axis(Double(first)...Double(first + count), wholeMarks: true),
          vertical: vertical, size: size, titles: (counted, quantity))
        return frame.svg + "\n" + lines.indices.map { curve($0, in: frame) }.joined(separator: "\n")
      } ?? "<text x=\"16\" y=\"12\" class=\"bad\">\(escaped(quantity)): no finite value</text>"
    return Drawing(
      description: "\(quantity) by \(counted)"
        + (isNamed ? ": \(lines.map(\.name).joined(separator: ", "))" : ""),
      width: size.width, height: size.height + legend.height,
      content: content + "\n" + legend.svg + "\n")
  }

  private func curve(_ index: Int, in frame: PlotFrame) -> String {
    let points = lines[index].values.enumerated().compactMap { step, value in
      value.isFinite && (!isLogarithmic || value > 0)
        ? frame.point(Double(first + step), value) : nil
    }
    // A line of a single point would not be seen.
    if points.count == 1, let place = points.first?.split(separator: ",") {
      return "<circle cx=\"\(place[0])\" cy=\"\(place[1])\" r=\"3\" \(style(of: index))/>"
    }
    return "<polyline points=\"\(points.joined(separator: " "))\" \(style(of: index))/>"
  }

  /// Class and dashes of a line; those of further measurements leave gaps, through which the first are seen.
  private func style(of index: Int) -> String {
    switch lines[index].role {
    case .reference: return "class=\"reference\""
    case .limit: return "class=\"limit\""
    case .measured:
      let number = lines[..<index].count { $0.role == .measured }
      let dashes =
        number == 0 || !isNamed ? "" : " stroke-dasharray=\"\(2 + 4 * number) \(4 + 2 * number)\""
      return "class=\"l\(number % PageStyle.colors)\"\(dashes)"
    }
  }
}
