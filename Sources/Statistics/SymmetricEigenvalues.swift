import COpenBLAS

/// Eigenvalues and eigenvectors of a symmetric matrix, largest eigenvalue first.
///
/// An eigenvector's sign is free; here its element of the largest magnitude, the first of equal ones, is
/// positive.
public struct SymmetricEigenvalues: Equatable, Sendable {
  /// λ₁ ≥ λ₂ ≥ …
  public let values: [Double]
  /// The orthonormal eigenvectors, one a row.
  public let vectors: Matrix

  /// Those of `matrix`, of which only the lower triangle is read: reduction to a tridiagonal matrix, then
  /// divide and conquer (LAPACK's dsytrd, dorgtr, dstedc).
  ///
  /// - Throws: `StatisticsError.notFinite`, `noConvergence` or `tooManyDimensions`.
  public init(of matrix: Matrix) throws(StatisticsError) {
    precondition(matrix.rows == matrix.columns, "eigenvalues are of square matrices")
    let order = matrix.rows
    try Matrix.checkCovariance(order)
    let symmetric = matrix.mirrored()
    guard symmetric.values.allSatisfy(\.isFinite) else { throw .notFinite(what: "a covariance") }
    var basis = symmetric.values
    var diagonal = [Double](repeating: 0, count: order)
    try Self.diagonalize(&basis, &diagonal, order: order)

    // LAPACK's columns are our rows; its eigenvalues ascend.
    var vectors = Matrix(rows: order, columns: order)
    for row in 0..<order {
      let vector = basis[(order - 1 - row) * order..<(order - row) * order]
      let largest = vector.reduce(0) { $1.magnitude > $0.magnitude ? $1 : $0 }
      for (column, value) in vector.enumerated() {
        vectors[row, column] = largest < 0 ? -value : value
      }
    }
    values = diagonal.reversed()
    self.vectors = vectors
  }

  /// Puts eigenvectors, column-major, in place of the matrix `basis`, and eigenvalues, ascending, into
  /// `diagonal`.
  private static func diagonalize(
    _ basis: inout [Double], _ diagonal: inout [Double], order: Int
  ) throws(StatisticsError) {
    LAPACK.useOneThread
    var (n, status) = (Int32(order), Int32(0))
    var offDiagonal = [Double](repeating: 0, count: order)
    var reflectors = offDiagonal
    // What the routines ask for: dstedc 1 + 3n + 2n·⌈log₂ n⌉ + 4n² and 6 + 6n + 5n·⌈log₂ n⌉, the others
    // a block of at most 64 columns.
    let levels = Int.bitWidth - order.leadingZeroBitCount
    let workCount = max(64 * order, 1 + 3 * order + 2 * order * levels + 4 * order * order)
    var (workSize, integerSize) = (Int32(workCount), Int32(6 + 6 * order + 5 * order * levels))
    var work = [Double](repeating: 0, count: workCount)
    var integers = [Int32](repeating: 0, count: Int(integerSize))
    dsytrd_(
      "L", &n, &basis, &n, &diagonal, &offDiagonal, &reflectors, &work, &workSize, &status, 1)
    precondition(status == 0, "dsytrd takes any symmetric matrix")
    dorgtr_("L", &n, &basis, &n, &reflectors, &work, &workSize, &status, 1)
    precondition(status == 0, "dorgtr takes what dsytrd leaves")
    dstedc_(
      "V", &n, &diagonal, &offDiagonal, &basis, &n, &work, &workSize, &integers, &integerSize,
      &status, 1)
    guard status == 0 else { throw .noConvergence(order: order) }
  }
}
