/// A pen in a hand: how thick its line is, and where.
struct Pen {
  /// Half the line's mean width in pixels.
  let radius: Double
  /// Relative change of the width from a stroke's beginning to its end.
  private let taper: Double
  /// Relative change towards the middle of a stroke.
  private let swell: Double
  /// A flat nib's: relative change with twice the angle of the direction, as cosine and sine parts.
  private let nib: Point
  /// Relative size of the unevenness that paper and ink leave.
  private let roughness: Double

  init(_ hand: inout Handwriting) {
    let thickness = hand.normal()
    radius = max(0.55, 1.15 + 0.28 * thickness + 0.05 * thickness * thickness)
    taper = 0.16 * hand.normal()
    swell = 0.12 * hand.normal()
    nib = 0.12 * Point(hand.normal(), hand.normal())
    roughness = 0.1 * hand.uniform()
  }

  /// Follows `curve`, magnified by `scale`.
  func draw(_ curve: Spline, scale: Double, by hand: inout Handwriting) -> InkStroke {
    let points = curve.points.map { $0 * scale }
    let count = points.count
    let radii = points.indices.map { index in
      let t = Double(index) / Double(count - 1)
      let step = points[min(index + 1, count - 1)] - points[max(index - 1, 0)]
      let squared = max(step.x * step.x + step.y * step.y, 1e-12)
      let cosine = (step.x * step.x - step.y * step.y) / squared
      let sine = 2 * step.x * step.y / squared
      let pressure = 1 + taper * (2 * t - 1) + swell * (4 * t * (1 - t) - 0.5)
      return radius * max(0.5, pressure + nib.x * cosine + nib.y * sine + roughness * hand.normal())
    }
    return InkStroke(
      segments: (1..<count).map {
        .init(
          start: points[$0 - 1], end: points[$0], startRadius: radii[$0 - 1], endRadius: radii[$0])
      })
  }
}

/// A stroke on paper: pieces with round ends whose width changes along them.
struct InkStroke {
  struct Segment {
    var start: Point
    var end: Point
    let startRadius: Double
    let endRadius: Double

    /// The area it covers, up to its round ends.
    var area: Double { length(end - start) * (startRadius + endRadius) }
  }

  private(set) var segments: [Segment]

  init(segments: [Segment]) { self.segments = segments }

  mutating func shift(by offset: Point) {
    for index in segments.indices {
      segments[index].start += offset
      segments[index].end += offset
    }
  }
}
