/// Principal component analysis: the orthonormal directions in which examples vary most (Pearson 1901).
///
/// Among all linear maps to k dimensions and back, the first k components leave the least squared error,
/// per example the sum of the variances left out.
public struct PrincipalComponents: Equatable, Sendable {
  /// The examples' mean.
  public let mean: [Double]
  /// The directions, one a row, the one of the largest variance first; signs as in
  /// `SymmetricEigenvalues`.
  public let directions: Matrix
  /// The variance along each.
  public let variances: [Double]

  /// The components of examples with these moments.
  ///
  /// - Throws: `StatisticsError.tooFew`, `notFinite` or `noConvergence`.
  public init(_ moments: Moments) throws(StatisticsError) {
    let eigenvalues = try SymmetricEigenvalues(of: moments.covariance())
    mean = moments.mean
    directions = eigenvalues.vectors
    // Where examples leave a dimension out, rounding may make its variance negative.
    variances = eigenvalues.values.map { max($0, 0) }
  }

  /// The share of the whole variance that lies along each direction; zeros where nothing varies.
  public var explainedVariance: [Double] {
    let total = variances.reduce(0, +)
    return variances.map { total > 0 ? $0 / total : 0 }
  }

  /// The coordinates of each row of `data` along the first `count` directions.
  public func project(_ data: Matrix, count: Int) -> Matrix {
    data.subtracting(mean).times(first(count), transposed: true)
  }

  /// The examples with the given coordinates along the first directions, one a row.
  public func reconstruct(_ coordinates: Matrix) -> Matrix {
    coordinates.times(first(coordinates.columns)).adding(mean)
  }

  private func first(_ count: Int) -> Matrix {
    precondition(1...directions.rows ~= count, "as many components as dimensions at most")
    return directions[rows: 0..<count]
  }
}
