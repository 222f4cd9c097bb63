import Foundation

/// N(μ, Σ) with a full covariance.
public struct MultivariateNormal: Equatable, Sendable {
  /// μ
  public let mean: [Double]
  /// The factor of Σ.
  public let factor: Cholesky

  /// The Gaussian of a mean and a covariance, of which only the lower triangle is read.
  ///
  /// - Throws: `StatisticsError.notPositiveDefinite` with the pivot, `notFinite` or `dimensions`.
  public init(mean: [Double], covariance: Matrix) throws(StatisticsError) {
    try self.init(mean: mean, factor: Cholesky(covariance))
  }

  /// The Gaussian of a mean and the factor of a covariance.
  ///
  /// - Throws: `StatisticsError.notFinite` or `dimensions`.
  public init(mean: [Double], factor: Cholesky) throws(StatisticsError) {
    guard mean.count == factor.order else {
      throw .dimensions(found: mean.count, expected: factor.order)
    }
    guard mean.allSatisfy(\.isFinite) else { throw .notFinite(what: "a mean") }
    self.mean = mean
    self.factor = factor
  }

  /// N(0, I)
  ///
  /// - Throws: `StatisticsError.tooManyDimensions`.
  public static func standard(dimensions: Int) throws(StatisticsError) -> MultivariateNormal {
    try Matrix.checkCovariance(dimensions)
    return try MultivariateNormal(
      mean: Array(repeating: 0, count: dimensions), factor: Cholesky(lower: .identity(dimensions)))
  }

  /// KL(self ‖ other) in nats, with self N(μ₀, Σ₀) and other N(μ₁, Σ₁) of d dimensions:
  ///
  /// ½·[tr(Σ₁⁻¹Σ₀) + (μ₁ − μ₀)ᵀΣ₁⁻¹(μ₁ − μ₀) − d + ln(det Σ₁ / det Σ₀)]
  ///
  /// No inverse is formed: with Σ = L·Lᵀ the trace is the squared Frobenius norm of L₁⁻¹L₀, the
  /// quadratic form the squared norm of L₁⁻¹(μ₁ − μ₀).
  ///
  /// - Throws: `StatisticsError.dimensions` where the two differ in them.
  public func divergence(to other: MultivariateNormal) throws(StatisticsError) -> Double {
    let dimensions = mean.count
    guard other.mean.count == dimensions else {
      throw .dimensions(found: other.mean.count, expected: dimensions)
    }
    // `whiten` works on rows, and the columns of L₀ are the rows of its transpose.
    var transposed = Matrix(rows: dimensions, columns: dimensions)
    for row in 0..<dimensions {
      for column in 0...row { transposed[column, row] = factor.lower[row, column] }
    }
    let trace = sumOfSquares(other.factor.whiten(transposed).values)
    let difference = Matrix(
      rows: 1, columns: dimensions, values: zip(other.mean, mean).map { $0 - $1 })
    let distance = sumOfSquares(other.factor.whiten(difference).values)
    return 0.5
      * (trace + distance - Double(dimensions) + other.factor.logDeterminant
        - factor.logDeterminant)
  }

  /// ln N(x; μ, Σ) in nats, for every row x of `data`.
  public func logDensities(_ data: Matrix) -> [Double] {
    factor.whiten(data.subtracting(mean))
      .standardLogDensities(plus: -0.5 * factor.logDeterminant)
  }
}

extension Matrix {
  /// ln N(x; 0, I) + `constant`, for every row x.
  func standardLogDensities(plus constant: Double) -> [Double] {
    let constant = constant - 0.5 * Double(columns) * log(2 * Double.pi)
    return (0..<rows).map { row in
      constant - 0.5 * sumOfSquares(values[row * columns..<(row + 1) * columns])
    }
  }
}

func sumOfSquares(_ values: some Sequence<Double>) -> Double {
  values.reduce(0) { $0 + $1 * $1 }
}
