/// Points in the plane, or in space seen from a side, coloured by class, each class named at its median.
package struct ScatterPlot: Plot {
  /// Points of one class.
  package struct Group {
    /// Nothing where there are no classes.
    let name: String
    let points: [SIMD3<Double>]

    package init(name: String, points: [SIMD3<Double>]) {
      self.name = name
      self.points = points
    }
  }

  private let quantity: String
  private let axes: [String]
  private let groups: [Group]

  /// A plot of `groups`, in space where there are three `axes`, else in the plane.
  package init(quantity: String, axes: [String], groups: [Group]) {
    self.quantity = quantity
    self.axes = axes
    self.groups = groups
  }

  package var drawing: Drawing {
    let isSpace = axes.count == 3
    let shown = groups.map { group in
      (
        name: group.name,
        points: group.points.map { isSpace ? Self.seen($0) : ($0.x, $0.y) }
          .filter { $0.0.isFinite && $0.1.isFinite }
      )
    }
    let all = shown.flatMap(\.points)
    let (across, up) = Self.square(all)
    let frame = PlotFrame(
      horizontal: Axis(across), vertical: Axis(up), size: .square,
      titles: isSpace ? ("", "") : (axes[0], axes.count > 1 ? axes[1] : ""))
    let clouds = shown.enumerated().map { index, group in
      "<path d=\"\(group.points.map { "M\(frame.point($0.0, $0.1))h0" }.joined())\" "
        + "class=\"points l\(index % PageStyle.colors)\"/>"
    }
    let names = shown.filter { !$0.name.isEmpty && !$0.points.isEmpty }.map { group in
      let (x, y) = (Self.median(group.points.map(\.0)), Self.median(group.points.map(\.1)))
      return """
        <text x="\(decimal(frame.x(x)))" y="\(decimal(frame.y(y)))" dy="5" text-anchor="middle" \
        class="place">\(escaped(group.name))</text>
        """
    }
    let legend = Legend(
      entries: shown.indices.filter { !shown[$0].name.isEmpty }.map { index in
        (
          { x, y in
            """
            <path d="M\(decimal(x + 8)),\(decimal(y))h0" class="points l\(index % PageStyle.colors)" \
            style="stroke-width:9px"/>
            """
          }, shown[index].name
        )
      }, size: .square, columns: 5)
    return Drawing(
      description: "\(quantity), \(all.count) points, by \(axes.joined(separator: ", "))",
      width: PlotSize.square.width, height: PlotSize.square.height + legend.height,
      content: ([isSpace ? cross(frame) : frame.svg] + clouds + names + [legend.svg]).joined(
        separator: "\n")
        + "\n")
  }

  /// Orthographic: from 30° to the side and 20° above; x to the right, y away, z up.
  private static func seen(_ point: SIMD3<Double>) -> (Double, Double) {
    // cos and sin of 30° and of 20°.
    let (c, s, e, f) = (0.866_025_403_784, 0.5, 0.939_692_620_786, 0.342_020_143_326)
    return (c * point.x + s * point.y, e * point.z + f * (c * point.y - s * point.x))
  }

  /// Ranges of equal length around all points, so that distances look as they are.
  private static func square(_ points: [(Double, Double)]) -> (
    ClosedRange<Double>, ClosedRange<Double>
  ) {
    let (xs, ys) = (points.map(\.0), points.map(\.1))
    let (left, right) = (xs.min() ?? -1, xs.max() ?? 1)
    let (low, high) = (ys.min() ?? -1, ys.max() ?? 1)
    let half = max(right - left, high - low, 1e-6) * 0.52
    let (x, y) = ((left + right) / 2, (low + high) / 2)
    return (x - half...x + half, y - half...y + half)
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  /// Where the three axes point, in a corner.
  private func cross(_ frame: PlotFrame) -> String {
    zip(axes, [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]).map { name, direction in
      let (x, y) = Self.seen(direction)
      let (endX, endY) = (58 + 40 * x, 350 - 40 * y)
      return """
        <path d="M58.0,350.0L\(decimal(endX)),\(decimal(endY))" class="curve"/>\
        <text x="\(decimal(endX + 6))" y="\(decimal(endY + 4))" class="dim">\(escaped(name))</text>
        """
    }.joined()
  }
}
