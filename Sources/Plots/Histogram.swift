/// How often values occur, as densities: bars of equal width whose area is one for each group.
package struct Histogram: Plot {
  /// Values that belong together.
  package struct Group {
    let name: String
    let values: [Double]

    package init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  private let quantity: String
  private let groups: [Group]
  private let range: ClosedRange<Double>
  private let bins: Int
  private let density: (name: String, curve: (Double) -> Double)?
  private let size: PlotSize

  /// A histogram of `groups`, drawn upon one another.
  ///
  /// - Parameters:
  ///   - quantity: what is counted, with its unit.
  ///   - range: what is shown; what lies outside counts, but is not seen. All finite values by default.
  ///   - density: a curve that the values should follow.
  package init(
    quantity: String, groups: [Group], range: ClosedRange<Double>? = nil, bins: Int = 40,
    density: (name: String, curve: (Double) -> Double)? = nil, size: PlotSize = .half
  ) {
    let values = groups.flatMap(\.values).filter(\.isFinite)
    let shown = range ?? (values.min() ?? 0)...(values.max() ?? 1)
    self.quantity = quantity
    self.groups = groups
    // A width that is finite; and equal values still need a bin of some.
    let least = max(shown.lowerBound, -1e300)
    self.range =
      least...max(min(shown.upperBound, 1e300), least + max(abs(least) * 1e-6, 1e-6))
    self.bins = bins
    self.density = density
    self.size = size
  }

  package var drawing: Drawing {
    let heights = groups.map(heights)
    let curve = density.map { density in
      (0...80).map { index in
        let x = range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / 80
        return (x: x, y: density.curve(x))
      }
    }
    let most = (heights.joined() + (curve ?? []).map(\.y)).max() ?? 1
    let frame = PlotFrame(
      horizontal: Axis(range),
      vertical: size == .small
        ? Axis(0...max(most, 1e-9))
        : Axis([0, max(most, 1e-9)])
          ?? Axis(0...1), size: size,
      titles: size == .small ? ("", quantity) : (quantity, "density"))
    let areas = zip(heights, groups.indices).map { heights, index in
      area(heights, index, in: frame)
    }
    let line = curve.map { points in
      let points = points.map { frame.point($0.x, $0.y) }.joined(separator: " ")
      return "<path d=\"M\(points)\" class=\"curve\"/>"
    }
    let legend = legend
    return Drawing(
      description: "histogram of \(quantity): \(groups.map(\.name).joined(separator: ", "))",
      width: size.width, height: size.height + (legend?.height ?? 0),
      content: ([frame.svg] + areas + [line, legend?.svg].compactMap { $0 })
        .joined(separator: "\n") + "\n")
  }

  /// Densities of a group's values in each bin.
  private func heights(_ group: Group) -> [Double] {
    let width = (range.upperBound - range.lowerBound) / Double(bins)
    var counts = [Double](repeating: 0, count: bins)
    for value in group.values where range.contains(value) {
      counts[min(Int((value - range.lowerBound) / width), bins - 1)] += 1
    }
    let scale = 1 / (Double(max(group.values.count, 1)) * width)
    return counts.map { $0 * scale }
  }

  private func area(_ heights: [Double], _ index: Int, in frame: PlotFrame) -> String {
    let width = (range.upperBound - range.lowerBound) / Double(bins)
    let corners = heights.enumerated().flatMap { bin, height in
      let left = range.lowerBound + Double(bin) * width
      return [frame.point(left, height), frame.point(left + width, height)]
    }
    let base = decimal(frame.bottom)
    return """
      <path d="M\(decimal(frame.x(range.lowerBound))),\(base) \(corners.joined(separator: " ")) \
      \(decimal(frame.x(range.upperBound))),\(base)z" class="area c\(index % PageStyle.colors) \
      l\(index % PageStyle.colors)"/>
      """
  }

  /// None where there is nothing to tell apart.
  private var legend: Legend? {
    guard size != .small, groups.count > 1 || density != nil else { return nil }
    var entries = groups.indices.map { index in
      (
        mark: { (x: Double, y: Double) in
          """
          <rect x="\(decimal(x - 10))" y="\(decimal(y - 6))" width="20" height="12" \
          class="area c\(index % PageStyle.colors) l\(index % PageStyle.colors)"/>
          """
        }, name: groups[index].name
      )
    }
    if let density {
      entries.append(
        (
          { x, y in
            "<path d=\"M\(decimal(x - 14)),\(decimal(y))h28\" class=\"curve\"/>"
          }, density.name
        ))
    }
    return Legend(entries: entries, size: size)
  }
}
