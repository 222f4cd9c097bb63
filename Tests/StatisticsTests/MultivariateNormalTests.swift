import Foundation
import Statistics
import Testing

@Suite struct MultivariateNormalTests {
  @Test(arguments: [1, 2, 7, 80])
  func factorGivesTheMatrixBack(order: Int) throws {
    let matrix = positiveDefinite(order, seed: 3)
    let lower = try Cholesky(matrix).lower
    var product = Matrix(rows: order, columns: order)
    for row in 0..<order {
      for column in 0..<order {
        product[row, column] = (0..<order).reduce(0) { $0 + lower[row, $1] * lower[column, $1] }
        if column > row { #expect(lower[row, column] == 0) }
      }
    }
    #expect(worst(product.values, matrix.values) < 1e-12)
  }

  @Test func theFirstPivotThatFailsIsNamed() throws {
    // The third row is the sum of the first two.
    let matrix = Matrix(rows: 3, columns: 3, values: [2, 1, 3, 1, 2, 3, 3, 3, 6])
    #expect(throws: StatisticsError.notPositiveDefinite(pivot: 3, order: 3)) {
      try Cholesky(matrix)
    }
    let negative = Matrix(rows: 2, columns: 2, values: [-1, 0, 0, 1])
    let error = #expect(throws: StatisticsError.self) { try Cholesky(negative) }
    #expect(error?.description.contains("pivot 1") == true)
    let broken = Matrix(rows: 2, columns: 2, values: [1, 0, .nan, 1])
    #expect(throws: StatisticsError.notFinite(what: "a covariance")) { try Cholesky(broken) }
  }

  @Test func divergenceOfDiagonalGaussiansIsASumOverDimensions() throws {
    let (means, others) = ([0.3, -2, 5], [1.0, 0.5, 5])
    let (variances, otherVariances) = ([0.5, 2, 1e-3], [1.0, 0.1, 2])
    func normal(_ mean: [Double], _ variances: [Double]) throws -> MultivariateNormal {
      var covariance = Matrix(rows: 3, columns: 3)
      for index in 0..<3 { covariance[index, index] = variances[index] }
      return try MultivariateNormal(mean: mean, covariance: covariance)
    }
    let expected = (0..<3).reduce(0.0) { sum, i in
      let ratio = variances[i] / otherVariances[i]
      let distance = pow(means[i] - others[i], 2) / otherVariances[i]
      return sum + 0.5 * (ratio + distance - 1 - log(ratio))
    }
    let found = try normal(means, variances).divergence(to: normal(others, otherVariances))
    #expect(abs(found - expected) < 1e-12 * expected)
  }

  @Test func divergenceInTwoDimensionsByExplicitInverse() throws {
    for seed in 1...20 {
      let (p, q) = (
        positiveDefinite(2, seed: UInt64(seed)), positiveDefinite(2, seed: UInt64(100 + seed))
      )
      let (a, b) = (normals(1, 2, seed: UInt64(seed)).values, [0.7, -0.2])
      func determinant(_ m: Matrix) -> Double { m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0] }
      let inverse = [q[1, 1], -q[0, 1], -q[1, 0], q[0, 0]].map { $0 / determinant(q) }
      let trace =
        inverse[0] * p[0, 0] + inverse[1] * p[1, 0] + inverse[2] * p[0, 1] + inverse[3] * p[1, 1]
      let (x, y) = (b[0] - a[0], b[1] - a[1])
      let form = inverse[0] * x * x + (inverse[1] + inverse[2]) * x * y + inverse[3] * y * y
      let expected = 0.5 * (trace + form - 2 + log(determinant(q) / determinant(p)))
      let found = try MultivariateNormal(mean: a, covariance: p)
        .divergence(to: MultivariateNormal(mean: b, covariance: q))
      #expect(abs(found - expected) < 1e-11 * max(1, expected))
    }
  }

  @Test func divergenceIsItsDefinition() throws {
    // E_p[ln p − ln q], over draws of p.
    let p = try MultivariateNormal(mean: [1, 0, -1], covariance: positiveDefinite(3, seed: 5))
    let q = try MultivariateNormal(mean: [0, 0.5, 0], covariance: positiveDefinite(3, seed: 6))
    let draws = p.factor.color(normals(100_000, 3))
    let shifted = Matrix(
      rows: draws.rows, columns: 3,
      values: draws.values.indices.map { draws.values[$0] + p.mean[$0 % 3] })
    let ratios = zip(p.logDensities(shifted), q.logDensities(shifted)).map { $0 - $1 }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    let variance = ratios.reduce(0) { $0 + pow($1 - mean, 2) } / Double(ratios.count)
    let deviation = (variance / Double(ratios.count)).squareRoot()
    #expect(abs(try p.divergence(to: q) - mean) < 4 * deviation)
    #expect(deviation < 0.05)
  }

  @Test func divergenceIsZeroToItselfAndRefusesOtherDimensions() throws {
    let normal = try MultivariateNormal(
      mean: [1, 2, 3], covariance: positiveDefinite(3, seed: 8))
    #expect(abs(try normal.divergence(to: normal)) < 1e-13)
    #expect(throws: StatisticsError.dimensions(found: 2, expected: 3)) {
      try normal.divergence(to: .standard(dimensions: 2))
    }
    #expect(throws: StatisticsError.dimensions(found: 1, expected: 2)) {
      try MultivariateNormal(mean: [0], covariance: .identity(2))
    }
  }

  @Test func momentsKeepTheirDigitsBesideALargeMean() throws {
    let data = normals(3000, 3)
    var shifted = data
    shifted = Matrix(rows: 3000, columns: 3, values: shifted.values.map { $0 + 1e8 })
    let moments = (try Moments(data), try Moments(shifted))
    #expect(
      worst(try moments.0.covariance().values, try moments.1.covariance().values) < 1e-7)
    var expected = Matrix(rows: 3, columns: 3)
    for row in 0..<3 {
      for column in 0..<3 {
        let (x, y) = (data.column(row), data.column(column))
        let (meanX, meanY) = (x.reduce(0, +) / 3000, y.reduce(0, +) / 3000)
        expected[row, column] =
          zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / 3000
      }
    }
    #expect(worst(try moments.0.covariance().values, expected.values) < 1e-12)
    #expect(throws: StatisticsError.tooFew(count: 0, needed: 1)) {
      try Moments(dimensions: 2).covariance()
    }
  }

  /// Before memory is asked for that no machine has.
  @Test func covariancesOfTooManyDimensionsAreRefused() throws {
    let most = Matrix.largestCovariance
    let error = StatisticsError.tooManyDimensions(found: most + 1, most: most)
    #expect(throws: error) { try Moments(dimensions: most + 1) }
    #expect(throws: error) { try MultivariateNormal.standard(dimensions: most + 1) }
    #expect(error.description.contains("at most 8192 × 8192"))
  }
}
