import COpenBLAS

/// A matrix of doubles, row-major; of data, one example a row.
public struct Matrix: Equatable, Sendable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// The elements, row by row.
  public internal(set) var values: [Double]

  /// A matrix of the given elements.
  public init(rows: Int, columns: Int, values: [Double]) {
    precondition(rows >= 0 && columns > 0, "a matrix has columns")
    precondition(values.count == rows * columns, "the elements fill the matrix")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    self.init(
      rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
  }

  /// Singles, such as codes, widened.
  public init(columns: Int, _ values: [Float]) {
    self.init(
      rows: values.count / columns, columns: columns, values: values.map { Double($0) })
  }

  /// Pixels, 0 to 255, as intensities in [0, 1].
  public init(columns: Int, pixels: ArraySlice<UInt8>) {
    self.init(
      rows: pixels.count / columns, columns: columns, values: pixels.map { Double($0) / 255 })
  }

  /// The identity.
  public static func identity(_ order: Int) -> Matrix {
    var matrix = Matrix(rows: order, columns: order)
    for index in 0..<order { matrix[index, index] = 1 }
    return matrix
  }

  /// An element.
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// Some rows.
  public subscript(rows range: Range<Int>) -> Matrix {
    Matrix(
      rows: range.count, columns: columns,
      values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// A column.
  public func column(_ column: Int) -> [Double] {
    stride(from: column, to: values.count, by: columns).map { values[$0] }
  }

  /// The elements as singles.
  public var singles: [Float] { values.map { Float($0) } }
}

extension Matrix {
  /// The most rows of a covariance: 512 MB, four times as much to work on, and within what LAPACK counts in
  /// 32 bits.
  public static let largestCovariance = 8192

  /// - Throws: `StatisticsError.tooManyDimensions` where a covariance of `dimensions` rows is larger.
  static func checkCovariance(_ dimensions: Int) throws(StatisticsError) {
    guard dimensions <= largestCovariance else {
      throw .tooManyDimensions(found: dimensions, most: largestCovariance)
    }
  }

  /// Rows that are worked on at once: few enough for a cache, many enough for a matrix product.
  static let blockRows = 1024

  /// The rows in blocks.
  var blocks: [Range<Int>] {
    stride(from: 0, to: rows, by: Self.blockRows).map { $0..<min($0 + Self.blockRows, rows) }
  }

  /// A row subtracted from every row.
  func subtracting(_ row: [Double]) -> Matrix {
    var result = self
    result.values.withUnsafeMutableBufferPointer { values in
      for start in stride(from: 0, to: values.count, by: columns) {
        for column in 0..<columns { values[start + column] -= row[column] }
      }
    }
    return result
  }

  /// A row added to every row.
  func adding(_ row: [Double]) -> Matrix { subtracting(row.map { -$0 }) }

  /// self · other, or self · otherᵀ.
  func times(_ other: Matrix, transposed: Bool = false) -> Matrix {
    precondition(columns == (transposed ? other.columns : other.rows), "inner dimensions agree")
    var result = Matrix(rows: rows, columns: transposed ? other.rows : other.columns)
    guard rows > 0 else { return result }
    LAPACK.useOneThread
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, Int32(rows),
      Int32(result.columns), Int32(columns), 1, values, Int32(columns), other.values,
      Int32(other.columns), 0, &result.values, Int32(result.columns))
    return result
  }

  /// Adds dataᵀ·data to this symmetric matrix's lower triangle.
  mutating func addScatter(of data: Matrix) {
    guard data.rows > 0 else { return }
    LAPACK.useOneThread
    cblas_dsyrk(
      CblasRowMajor, CblasLower, CblasTrans, Int32(columns), Int32(data.rows), 1, data.values,
      Int32(columns), 1, &values, Int32(columns))
  }

  /// The symmetric matrix whose lower triangle this has.
  func mirrored() -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<row { result[column, row] = result[row, column] }
    }
    return result
  }
}
