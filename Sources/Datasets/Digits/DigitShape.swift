typealias Point = SIMD2<Double>

/// One way of writing a digit: the strokes' way points in a box of 100 × 100, x to the right, y
/// down.
struct DigitShape {
  struct WayPoint {
    var position: Point
    /// Whether the pen changes direction abruptly here.
    let isCorner: Bool
  }

  /// How often it is chosen, relative to the digit's other shapes.
  let frequency: Double
  /// In the order of writing.
  let strokes: [[WayPoint]]

  init(_ frequency: Double, _ strokes: [WayPoint]...) {
    self.frequency = frequency
    self.strokes = strokes
  }
}

/// A way point on a curve, as the tables of shapes write it.
func p(_ x: Double, _ y: Double) -> DigitShape.WayPoint {
  .init(position: [x, y], isCorner: false)
}

/// A way point at which the pen turns sharply.
func c(_ x: Double, _ y: Double) -> DigitShape.WayPoint {
  .init(position: [x, y], isCorner: true)
}

extension DigitShape {
  /// The shapes of the digits 0 to 9, drawn by hand after the ways people write them.
  static let shapes: [[DigitShape]] = [
    zero, one, two, three, four, five, six, seven, eight, nine,
  ]
}
