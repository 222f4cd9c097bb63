import Backend
import Statistics

/// Standard normals, one example a row.
func normals(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> Matrix {
  var sequence = NormalSequence(Noise(seed: seed, stream: .dataset))
  return Matrix(rows: rows, columns: columns, values: sequence.next(rows * columns))
}

/// A·Aᵀ + I of a random A.
func positiveDefinite(_ order: Int, seed: UInt64) -> Matrix {
  let factor = normals(order, order, seed: seed).values
  var matrix = Matrix.identity(order)
  for row in 0..<order {
    for column in 0..<order {
      for inner in 0..<order {
        matrix[row, column] += factor[row * order + inner] * factor[column * order + inner]
      }
    }
  }
  return matrix
}

/// The largest difference between elements, relative to the larger of 1 and the expected.
func worst(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  return zip(found, expected).reduce(0) { worst, pair in
    let difference = abs(pair.0 - pair.1) / max(1, abs(pair.1))
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}
