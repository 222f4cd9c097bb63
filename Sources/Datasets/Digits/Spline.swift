/// A smooth curve through way points, as a chain of short straight pieces.
///
/// Cubic Hermite pieces with the tangents of a parabola through each point and its neighbours,
/// parameterized by chord length, so that unevenly spaced points make no loops.
struct Spline {
  private(set) var points: [Point] = []

  /// - Parameter roundness: 0 keeps corners sharp, 1 rounds them like any other point.
  init(wayPoints: [DigitShape.WayPoint], roundness: Double) {
    let count = wayPoints.count
    let steps = zip(wayPoints, wayPoints.dropFirst()).map { $1.position - $0.position }
    let chords = steps.map { max(length($0), 1e-6) }
    let directions = zip(steps, chords).map { $0 / $1 }

    func tangents(at index: Int) -> (arriving: Point, leaving: Point) {
      if index == 0 { return (directions[0], directions[0]) }
      if index == count - 1 { return (directions[count - 2], directions[count - 2]) }
      let (before, after) = (directions[index - 1], directions[index])
      let (near, far) = (chords[index - 1], chords[index])
      let smooth = (before * far + after * near) / (near + far)
      let rounding = wayPoints[index].isCorner ? roundness : 1
      return (before + rounding * (smooth - before), after + rounding * (smooth - after))
    }

    points.reserveCapacity(pieces * (count - 1) + 1)
    points.append(wayPoints[0].position)
    for index in 0..<count - 1 {
      let (start, end) = (wayPoints[index].position, wayPoints[index + 1].position)
      let leaving = tangents(at: index).leaving * chords[index]
      let arriving = tangents(at: index + 1).arriving * chords[index]
      for piece in 1...pieces {
        let t = Double(piece) / Double(pieces)
        let s = 1 - t
        points.append(
          s * s * (1 + 2 * t) * start + t * t * (1 + 2 * s) * end + s * s * t * leaving
            - s * t * t * arriving)
      }
    }
  }
}

/// Straight pieces between two way points: about a pixel and a half each.
private let pieces = 6

/// The Euclidean norm.
func length(_ vector: Point) -> Double {
  (vector.x * vector.x + vector.y * vector.y).squareRoot()
}
