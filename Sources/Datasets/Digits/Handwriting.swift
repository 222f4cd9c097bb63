import Backend

/// A random hand that writes digits: each use draws a new one.
///
/// It uses nothing but +, −, ×, ÷ and √, which IEEE 754 rounds alike everywhere, so that the
/// pictures are the same bit for bit on every machine.
struct Handwriting {
  private var numbers: RandomNumbers

  /// The hand that `noise` describes.
  init(_ noise: Noise) {
    numbers = RandomNumbers(noise)
  }

  /// Writes `digit`: its strokes in pixels, in the middle of a picture of `size × size`.
  mutating func write(_ digit: Int, size: Double) -> [InkStroke] {
    var strokes = shape(of: digit).strokes
    tremble(&strokes)
    warp(&strokes)
    let roundness = min(1, 1.2 * uniform())
    let pen = Pen(&self)
    let curves = strokes.map { Spline(wayPoints: $0, roundness: roundness) }
    return place(curves, pen: pen, size: size)
  }

  // MARK: - Random numbers

  /// Uniform in [0, 1).
  mutating func uniform() -> Double { numbers.uniform() }

  /// Nearly normal with mean 0 and variance 1, within ±3: the sum of three uniform numbers.
  mutating func normal() -> Double {
    2 * (numbers.uniform() + numbers.uniform() + numbers.uniform()) - 3
  }

  // MARK: - From shape to strokes

  private mutating func shape(of digit: Int) -> DigitShape {
    let shapes = DigitShape.shapes[digit]
    var rest = uniform() * shapes.reduce(0) { $0 + $1.frequency }
    for shape in shapes {
      rest -= shape.frequency
      if rest < 0 { return shape }
    }
    return shapes[shapes.count - 1]
  }

  /// Each way point is missed by a little, by more in a hasty hand.
  private mutating func tremble(_ strokes: inout [[DigitShape.WayPoint]]) {
    let haste = uniform()
    let error = 1.5 + 4 * haste * haste
    for stroke in strokes.indices {
      // Separate strokes are set down apart from each other.
      let offset: Point = stroke == 0 ? [0, 0] : [1.5 * normal(), 1.5 * normal()]
      for index in strokes[stroke].indices {
        strokes[stroke][index].position += offset + error * Point(normal(), normal())
      }
    }
  }

  /// The writer's habits: slant, rotation, aspect, and bends of the whole plane to second order,
  /// which make an upper bowl larger than the lower one, or a stem curved.
  private mutating func warp(_ strokes: inout [[DigitShape.WayPoint]]) {
    let slant = 0.14 + 0.26 * normal()
    // The half angle's tangent gives sine and cosine without a library's functions.
    let tangent = 0.045 * normal()
    let cosine = (1 - tangent * tangent) / (1 + tangent * tangent)
    let sine = 2 * tangent / (1 + tangent * tangent)
    let aspect = 1 + 0.16 * normal()
    let (xx, xy, yy) = (0.10 * normal(), 0.14 * normal(), 0.10 * normal())
    let (uu, uv, vv) = (0.08 * normal(), 0.06 * normal(), 0.12 * normal())

    for stroke in strokes.indices {
      for index in strokes[stroke].indices {
        let q = (strokes[stroke][index].position - 50) / 50
        let x = q.x + xx * q.x * q.x + xy * q.x * q.y + yy * q.y * q.y
        let y = q.y + uu * q.x * q.x + uv * q.x * q.y + vv * (q.y * q.y - 1)
        let slanted = Point(aspect * x - slant * y, y)
        strokes[stroke][index].position = [
          cosine * slanted.x - sine * slanted.y, sine * slanted.x + cosine * slanted.y,
        ]
      }
    }
  }

  /// Scales what was written to the usual box of 20 pixels of 28, and puts its centre of mass in the
  /// middle, as MNIST does.
  private mutating func place(_ curves: [Spline], pen: Pen, size: Double) -> [InkStroke] {
    var (low, high) = (Point(repeating: .infinity), Point(repeating: -.infinity))
    for curve in curves {
      for point in curve.points {
        low = pointwiseMin(low, point)
        high = pointwiseMax(high, point)
      }
    }
    let box = size * 20 / 28 * (1 + 0.03 * normal())
    let scale = (box - 2 * pen.radius) / max(high.x - low.x, high.y - low.y)
    var strokes = curves.map { pen.draw($0, scale: scale, by: &self) }

    var (mass, moment) = (0.0, Point(0, 0))
    for stroke in strokes {
      for segment in stroke.segments {
        mass += segment.area
        moment += segment.area * (segment.start + segment.end) / 2
      }
    }
    let jitter = 0.4 * Point(normal(), normal())
    let shift = Point(repeating: size / 2) - moment / mass + jitter
    for index in strokes.indices { strokes[index].shift(by: shift) }
    return strokes
  }
}
