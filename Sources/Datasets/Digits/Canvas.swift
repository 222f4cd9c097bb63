/// A square grey picture that strokes are drawn into, with smooth edges.
struct Canvas {
  private let size: Int
  /// Per pixel, how deep its centre lies inside the ink; negative outside.
  private var depths: [Double]

  init(size: Int) {
    self.size = size
    depths = [Double](repeating: -1, count: size * size)
  }

  mutating func draw(_ stroke: InkStroke) {
    for segment in stroke.segments { draw(segment) }
  }

  private mutating func draw(_ segment: InkStroke.Segment) {
    let reach = max(segment.startRadius, segment.endRadius) + 0.5
    let low = pointwiseMin(segment.start, segment.end) - reach
    let high = pointwiseMax(segment.start, segment.end) + reach
    let columns = pixels(from: low.x, to: high.x)
    let rows = pixels(from: low.y, to: high.y)
    let step = segment.end - segment.start
    let inverse = 1 / max(step.x * step.x + step.y * step.y, 1e-12)

    for row in rows {
      for column in columns {
        let offset = Point(Double(column) + 0.5, Double(row) + 0.5) - segment.start
        let along = min(1, max(0, (offset.x * step.x + offset.y * step.y) * inverse))
        let distance = length(offset - along * step)
        let radius = segment.startRadius + along * (segment.endRadius - segment.startRadius)
        let place = row * size + column
        depths[place] = max(depths[place], radius - distance)
      }
    }
  }

  /// The pixels whose centres lie between two coordinates.
  private func pixels(from low: Double, to high: Double) -> Range<Int> {
    let first = min(size, max(0, Int((low - 0.5).rounded(.up))))
    return first..<max(first, min(size, Int((high - 0.5).rounded(.down)) + 1))
  }

  /// Writes the grey values: the part of each pixel that ink covers, were the edge straight.
  func develop(into pixels: UnsafeMutableBufferPointer<UInt8>) {
    for (place, depth) in depths.enumerated() {
      pixels[place] = UInt8((255 * min(1, max(0, depth + 0.5))).rounded())
    }
  }
}
