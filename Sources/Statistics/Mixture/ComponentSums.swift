import Foundation

/// What a component is made of in the M step: sums over examples x, weighted by responsibilities r.
struct ComponentSums {
  /// Σ r
  private(set) var weight = 0.0
  /// Where sums are taken from, near the mean, so that little cancels.
  private let origin: [Double]
  /// Σ r·(x − origin)
  private var first: [Double]
  /// Σ r·(x − origin)(x − origin)ᵀ: its diagonal, or its lower triangle.
  private var second: Matrix
  private let covariance: GaussianMixture.Covariance

  init(covariance: GaussianMixture.Covariance, origin: [Double]) {
    let dimensions = origin.count
    self.covariance = covariance
    self.origin = origin
    first = Array(repeating: 0, count: dimensions)
    second = Matrix(rows: covariance == .full ? dimensions : 1, columns: dimensions)
  }

  /// Adds the rows of `block`, each with its responsibility.
  mutating func add(_ block: Matrix, responsibilities: [Double]) {
    var scaled = block.subtracting(origin)
    let columns = block.columns
    for row in 0..<block.rows {
      let (responsibility, start) = (responsibilities[row], row * columns)
      weight += responsibility
      let root = responsibility.squareRoot()
      for column in 0..<columns {
        let value = scaled.values[start + column]
        first[column] += responsibility * value
        if covariance == .diagonal {
          second.values[column] += responsibility * value * value
        }
        scaled.values[start + column] = root * value
      }
    }
    if covariance == .full { second.addScatter(of: scaled) }
  }

  /// The component of largest likelihood among those without a variance below `floor` in any direction,
  /// for `total` examples; `nil` where no example belongs to it.
  ///
  /// A Gaussian's likelihood under that constraint is largest where the eigenvalues of the sample
  /// covariance that are below the floor are raised to it, so that EM with this step still never lowers
  /// the likelihood.
  func component(total: Int, floor: Double) throws(StatisticsError) -> GaussianMixture.Component? {
    guard weight >= Self.leastWeight else { return nil }
    let shift = first.map { $0 / weight }
    let mean = zip(origin, shift).map { $0 + $1 }
    let scale: GaussianMixture.Scale
    switch covariance {
    case .diagonal:
      scale = .diagonal(
        zip(second.values, shift).map { max($0 / weight - $1 * $1, floor).squareRoot() })
    case .full:
      var matrix = second
      for row in 0..<matrix.rows {
        for column in 0...row {
          matrix[row, column] = matrix[row, column] / weight - shift[row] * shift[column]
        }
      }
      scale = .full(try Cholesky(Self.raise(matrix, to: floor)))
    }
    return GaussianMixture.Component(weight: weight / Double(total), mean: mean, scale: scale)
  }

  /// Examples a component must have: fewer leave rounding in place of moments.
  private static let leastWeight = 1e-8

  /// A symmetric matrix, its eigenvalues no less than `floor`.
  private static func raise(_ matrix: Matrix, to floor: Double) throws(StatisticsError) -> Matrix {
    let eigenvalues = try SymmetricEigenvalues(of: matrix)
    guard let smallest = eigenvalues.values.last, smallest < floor else { return matrix }
    var scaled = eigenvalues.vectors
    for row in 0..<scaled.rows {
      let root = max(eigenvalues.values[row], floor).squareRoot()
      for column in 0..<scaled.columns { scaled[row, column] *= root }
    }
    var raised = Matrix(rows: matrix.rows, columns: matrix.columns)
    raised.addScatter(of: scaled)
    return raised
  }
}
