/// Mean and covariance of examples that come in blocks.
///
/// Every block is centred on its own mean and merged (Chan, Golub and LeVeque 1979), so that a mean that
/// is large beside the spread costs no digits, and not all examples need be there at once.
public struct Moments: Sendable {
  /// Number of examples so far.
  public private(set) var count = 0
  /// Their mean.
  public private(set) var mean: [Double]
  /// Lower triangle of Σ (x − mean)(x − mean)ᵀ.
  private var scatter: Matrix

  /// No examples yet, of `dimensions` numbers each.
  ///
  /// - Throws: `StatisticsError.tooManyDimensions`.
  public init(dimensions: Int) throws(StatisticsError) {
    try Matrix.checkCovariance(dimensions)
    mean = Array(repeating: 0, count: dimensions)
    scatter = Matrix(rows: dimensions, columns: dimensions)
  }

  /// Those of the rows of `data`.
  ///
  /// - Throws: `StatisticsError.tooManyDimensions`.
  public init(_ data: Matrix) throws(StatisticsError) {
    try self.init(dimensions: data.columns)
    for block in data.blocks { add(data[rows: block]) }
  }

  /// Adds the rows of `block`.
  public mutating func add(_ block: Matrix) {
    let dimensions = mean.count
    precondition(block.columns == dimensions, "examples of one dimension")
    guard block.rows > 0 else { return }
    var sums = [Double](repeating: 0, count: dimensions)
    for start in stride(from: 0, to: block.values.count, by: dimensions) {
      for column in 0..<dimensions { sums[column] += block.values[start + column] }
    }
    let blockMean = sums.map { $0 / Double(block.rows) }
    scatter.addScatter(of: block.subtracting(blockMean))

    let (before, added) = (Double(count), Double(block.rows))
    let change = zip(blockMean, mean).map { $0 - $1 }
    let shared = (before * added / (before + added)).squareRoot()
    scatter.addScatter(
      of: Matrix(rows: 1, columns: dimensions, values: change.map { shared * $0 }))
    for column in 0..<dimensions { mean[column] += change[column] * added / (before + added) }
    count += block.rows
  }

  /// The covariance, divided by the number of examples.
  ///
  /// - Throws: `StatisticsError.tooFew` without examples.
  public func covariance() throws(StatisticsError) -> Matrix {
    guard count > 0 else { throw .tooFew(count: 0, needed: 1) }
    var covariance = scatter.mirrored()
    for index in covariance.values.indices { covariance.values[index] /= Double(count) }
    return covariance
  }
}
