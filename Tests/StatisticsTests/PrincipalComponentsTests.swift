import Foundation
import Statistics
import Testing

@Suite struct PrincipalComponentsTests {
  /// The matrix of second differences has eigenvalues 2 − 2·cos(kπ/(n + 1)).
  @Test(arguments: [1, 2, 5, 30, 121])
  func eigenvaluesOfSecondDifferences(order: Int) throws {
    var matrix = Matrix(rows: order, columns: order)
    for index in 0..<order {
      matrix[index, index] = 2
      if index > 0 { matrix[index, index - 1] = -1 }
    }
    let eigenvalues = try SymmetricEigenvalues(of: matrix)
    let expected = (1...order).reversed().map { k in
      2 - 2 * cos(Double(k) * .pi / Double(order + 1))
    }
    #expect(worst(eigenvalues.values, expected) < 1e-13)
    for (row, value) in eigenvalues.values.enumerated() {
      let vector = eigenvalues.vectors[rows: row..<row + 1].values
      // A·v = λ·v
      for i in 0..<order {
        let below = i > 0 ? vector[i - 1] : 0
        let above = i < order - 1 ? vector[i + 1] : 0
        #expect(abs(2 * vector[i] - below - above - value * vector[i]) < 1e-13)
      }
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-13)
      let largest = vector.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
      #expect(largest > 0)
    }
  }

  @Test func eigenvaluesRefuseWhatIsNotFinite() {
    let matrix = Matrix(rows: 2, columns: 2, values: [1, 0, .infinity, 1])
    #expect(throws: StatisticsError.notFinite(what: "a covariance")) {
      try SymmetricEigenvalues(of: matrix)
    }
  }

  @Test func plantedDirectionsAreFound() throws {
    // Deviations 3, 1 and 0.1 along the axes of a rotated frame.
    let (c, s) = (cos(0.5), sin(0.5))
    let frame = [[c, s, 0], [-s, c, 0], [0, 0, 1]]
    let draws = normals(20_000, 3)
    var values: [Double] = []
    for row in 0..<draws.rows {
      let scaled = [3 * draws[row, 0], draws[row, 1], 0.1 * draws[row, 2]]
      for column in 0..<3 {
        values.append((0..<3).reduce(Double(column)) { $0 + scaled[$1] * frame[$1][column] })
      }
    }
    let data = Matrix(rows: draws.rows, columns: 3, values: values)
    let components = try PrincipalComponents(Moments(data))
    #expect(worst(components.mean, [0, 1, 2]) < 0.05)
    #expect(worst(components.variances, [9, 1, 0.01]) < 0.05)
    for row in 0..<3 {
      let cosine = (0..<3).reduce(0) { $0 + components.directions[row, $1] * frame[row][$1] }
      #expect(abs(abs(cosine) - 1) < 1e-3)
    }
    #expect(abs(components.explainedVariance.reduce(0, +) - 1) < 1e-12)
    #expect(abs(components.explainedVariance[0] - 9 / 10.01) < 0.01)

    let coordinates = components.project(data, count: 3)
    let spread = try Moments(coordinates).covariance()
    var expected = Matrix(rows: 3, columns: 3)
    for index in 0..<3 { expected[index, index] = components.variances[index] }
    #expect(worst(spread.values, expected.values) < 1e-10)
    #expect(worst(components.reconstruct(coordinates).values, data.values) < 1e-12)
  }

  @Test(arguments: 1...5)
  func errorIsTheVarianceLeftOut(count: Int) throws {
    let factor = try Cholesky(positiveDefinite(6, seed: 9))
    let data = factor.color(normals(500, 6))
    let components = try PrincipalComponents(Moments(data))
    let back = components.reconstruct(components.project(data, count: count))
    let error = zip(data.values, back.values).reduce(0) { $0 + pow($1.0 - $1.1, 2) } / 500
    let expected = components.variances[count...].reduce(0, +)
    #expect(abs(error - expected) < 1e-11 * components.variances[0])
  }

  @Test func dimensionsWithoutVarianceHaveNone() throws {
    let data = Matrix(rows: 2, columns: 4, values: [1, 2, 3, 4, 3, 2, 1, 4])
    let components = try PrincipalComponents(Moments(data))
    #expect(worst(components.variances, [2, 0, 0, 0]) < 1e-14)
    #expect(components.variances.allSatisfy { $0 >= 0 })
    let constant = try PrincipalComponents(
      Moments(Matrix(rows: 3, columns: 2, values: [1, 2, 1, 2, 1, 2])))
    #expect(constant.explainedVariance == [0, 0])
  }
}
