import COpenBLAS
import Foundation

/// The factor L of a symmetric positive definite matrix L·Lᵀ, lower triangular with a positive diagonal.
public struct Cholesky: Equatable, Sendable {
  /// L, zeros above its diagonal.
  public let lower: Matrix

  /// Factorizes `matrix`, of which only the lower triangle is read (LAPACK's dpotrf).
  ///
  /// - Throws: `StatisticsError.notPositiveDefinite` with the pivot, or `notFinite`.
  public init(_ matrix: Matrix) throws(StatisticsError) {
    precondition(matrix.rows == matrix.columns, "a covariance is square")
    var factor = matrix
    let order = matrix.rows
    for row in 0..<order {
      for column in row + 1..<max(order, row + 1) { factor[row, column] = 0 }
    }
    guard factor.values.allSatisfy(\.isFinite) else { throw .notFinite(what: "a covariance") }
    LAPACK.useOneThread
    var (n, status) = (Int32(order), Int32(0))
    // LAPACK's columns are our rows, so that its upper triangle is our lower one.
    dpotrf_("U", &n, &factor.values, &n, &status, 1)
    guard status == 0 else {
      throw .notPositiveDefinite(pivot: Int(status), order: order)
    }
    lower = factor
  }

  /// A factor that is known already.
  ///
  /// - Throws: `StatisticsError.notPositiveDefinite` where its diagonal is not positive, or `notFinite`.
  public init(lower: Matrix) throws(StatisticsError) {
    precondition(lower.rows == lower.columns, "a factor is square")
    guard lower.values.allSatisfy(\.isFinite) else { throw .notFinite(what: "a covariance") }
    for row in 0..<lower.rows where lower[row, row] <= 0 {
      throw .notPositiveDefinite(pivot: row + 1, order: lower.rows)
    }
    self.lower = lower
  }

  /// Number of dimensions.
  public var order: Int { lower.rows }

  /// ln det (L·Lᵀ) = 2·Σ ln Lᵢᵢ
  public var logDeterminant: Double {
    2 * (0..<order).reduce(0) { $0 + log(lower[$1, $1]) }
  }

  /// L⁻¹·x for every row x of `data`.
  public func whiten(_ data: Matrix) -> Matrix {
    precondition(data.columns == order, "data of the factor's dimensions")
    var result = data
    guard data.rows > 0 else { return result }
    LAPACK.useOneThread
    cblas_dtrsm(
      CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, Int32(data.rows),
      Int32(order), 1, lower.values, Int32(order), &result.values, Int32(order))
    return result
  }

  /// L·x for every row x of `data`: of standard normals, normals of covariance L·Lᵀ.
  public func color(_ data: Matrix) -> Matrix { data.times(lower, transposed: true) }
}
