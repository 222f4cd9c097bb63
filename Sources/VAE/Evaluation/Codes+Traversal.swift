extension Codes {
  /// For each of `dimensions` a row of `steps` codes: `code` with that coordinate replaced by values at equal
  /// distances in ±`reach`.
  ///
  /// - Parameters:
  ///   - code: L numbers.
  ///   - dimensions: of the L, counted from 0.
  ///   - reach: in the prior's standard deviations, which are 1.
  /// - Returns: (dimensions · steps)×L, dimension by dimension.
  public static func traversal(
    of code: [Float], dimensions: [Int], reach: Double, steps: Int
  ) -> [Float] {
    precondition(steps > 1, "a traversal has two ends")
    return dimensions.flatMap { dimension in
      (0..<steps).flatMap { step in
        var moved = code
        moved[dimension] = Float(reach * (2 * Double(step) / Double(steps - 1) - 1))
        return moved
      }
    }
  }
}
