/// A bar for each of many things, in the order given.
package struct BarPlot: Plot {
  /// A bar.
  package struct Bar {
    let name: String
    let value: Double
    /// Which of the kinds in the legend it is.
    let kind: Int

    package init(name: String, value: Double, kind: Int = 0) {
      self.name = name
      self.value = value
      self.kind = kind
    }
  }

  private let quantity: String
  private let bars: [Bar]
  private let kinds: [String]
  private let counted: String
  private let size: PlotSize

  /// A plot of `bars`.
  ///
  /// - Parameters:
  ///   - quantity: how high the bars are, with its unit.
  ///   - kinds: the kinds of bars, each in its own colour.
  ///   - counted: what there is a bar for.
  package init(
    quantity: String, bars: [Bar], kinds: [String], counted: String, size: PlotSize = .half
  ) {
    self.quantity = quantity
    self.bars = bars
    self.kinds = kinds
    self.counted = counted
    self.size = size
  }

  package var drawing: Drawing {
    let extent = 0...Double(max(bars.count, 1))
    let frame = PlotFrame(
      horizontal: Axis(extent), vertical: Axis([0] + bars.map(\.value)) ?? Axis(0...1), size: size,
      titles: (counted, quantity))
    // Names that would run into one another are left out, at equal steps.
    let longest = Double(bars.map(\.name.count).max() ?? 1)
    let pitch = (frame.x(1) - frame.x(0))
    let step = max(Int((6.5 * longest + 3) / max(pitch, 0.1)) + 1, 1)
    let shapes = bars.enumerated().map { index, bar in
      let value = bar.value.isFinite ? max(bar.value, 0) : 0
      let (left, width) = (frame.x(Double(index) + 0.12), 0.76 * pitch)
      let name =
        index % step == 0
        ? """
        <text x="\(decimal(left + width / 2))" y="\(decimal(frame.bottom + 16))" text-anchor="middle" \
        class="dim">\(escaped(bar.name))</text>
        """ : ""
      return """
        <rect x="\(decimal(left))" y="\(decimal(frame.y(value)))" width="\(decimal(width))" \
        height="\(decimal(frame.bottom - frame.y(value)))" class="c\(bar.kind % PageStyle.colors)">\
        <title>\(escaped("\(bar.name): \(Figure.plain(bar.value))"))</title></rect>\(name)
        """
    }
    let legend = Legend(
      entries: kinds.indices.filter { kind in bars.contains { $0.kind == kind } }.map { kind in
        (
          { x, y in
            """
            <rect x="\(decimal(x - 10))" y="\(decimal(y - 6))" width="20" height="12" \
            class="c\(kind % PageStyle.colors)"/>
            """
          }, kinds[kind]
        )
      }, size: size)
    return Drawing(
      description: "\(quantity) of \(bars.count) \(counted)s",
      width: size.width, height: size.height + legend.height,
      content: ([frame.rows] + shapes + [legend.svg]).joined(separator: "\n") + "\n")
  }
}
