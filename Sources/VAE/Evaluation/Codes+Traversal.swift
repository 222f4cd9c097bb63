extension Codes {
  /// For each of `dimensions` a row of `steps` codes: `code` with that coordinate replaced by values at equal
  /// distances, up to `reach` standard deviations of `scale` to both sides of its mean.
  ///
  /// - Parameters:
  ///   - code: L numbers.
  ///   - dimensions: of the L, counted from 0.
  /// - Returns: (dimensions · steps)×L, dimension by dimension.
  public static func traversal(
    of code: [Float], dimensions: [Int], reach: Double, steps: Int, scale: CodeScale
  ) -> [Float] {
    precondition(steps > 1, "a traversal has two ends")
    return dimensions.flatMap { dimension in
      (0..<steps).flatMap { step in
        var moved = code
        let deviations = reach * (2 * Double(step) / Double(steps - 1) - 1)
        moved[dimension] = Float(
          scale.means[dimension] + deviations * scale.deviations[dimension])
        return moved
      }
    }
  }
}
