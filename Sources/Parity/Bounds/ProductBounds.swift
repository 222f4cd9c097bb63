/// A matrix product in `Double` with what its rounding errors are measured by.
struct MatrixProduct {
  /// A·B (+ b).
  let sums: [Double]
  /// |A||B| (+ |b|).
  private let magnitudes: [Double]
  /// Σ (ab)² (+ b²).
  let squares: [Double]
  /// What is lost where subnormal operands are read as zero.
  private let flushed: [Double]
  /// How many terms each element sums.
  let terms: Int

  /// `left`, M×K, times `right`, K×N, both row by row, plus `bias` in every row.
  init(
    _ left: [Float], times right: [Float], rows: Int, depth: Int, columns: Int, bias: [Float]? = nil
  ) {
    let factors = right.map(Double.init)
    let start = (bias ?? [Float](repeating: 0, count: columns)).map(Double.init)
    var sums = [Double]()
    sums.reserveCapacity(rows * columns)
    var (magnitudes, squares) = (sums, sums)
    for row in 0..<rows {
      var (sum, magnitude, square) = (start, start.map(abs), start.map { $0 * $0 })
      for inner in 0..<depth {
        let factor = Double(left[row * depth + inner])
        let base = inner * columns
        for column in 0..<columns {
          let product = factor * factors[base + column]
          sum[column] += product
          magnitude[column] += abs(product)
          square[column] += product * product
        }
      }
      sums += sum
      magnitudes += magnitude
      squares += square
    }
    self.sums = sums
    self.magnitudes = magnitudes
    self.squares = squares
    terms = depth + (bias == nil ? 0 : 1)
    flushed = Self.flushed(left, right, rows: rows, depth: depth, columns: columns)
  }

  /// The hard bound of element `index`, for any order of summation, with or without fused
  /// multiply-adds (Higham, (3.5) and section 3.5): |err| ≤ γ_{K+1}·(|A||B| + |b|), beside an η for
  /// each product and each addition and what subnormal operands are worth.
  func bounded(_ index: Int) -> Bounded {
    Bounded(
      value: sums[index],
      error: sums[index].isInfinite
        ? 0
        : Bounded.gamma(terms + 1) * magnitudes[index] + flushed[index]
          + Double(2 * terms) * Bounded.underflow)
  }

  private static func flushed(
    _ left: [Float], _ right: [Float], rows: Int, depth: Int, columns: Int
  ) -> [Double] {
    var flushed = [Double](repeating: 0, count: rows * columns)
    guard left.contains(where: \.isSubnormal) || right.contains(where: \.isSubnormal) else {
      return flushed
    }
    for row in 0..<rows {
      for inner in 0..<depth {
        let factor = left[row * depth + inner]
        for column in 0..<columns {
          let other = right[inner * columns + column]
          if factor.isSubnormal || other.isSubnormal {
            flushed[row * columns + column] += abs(Double(factor) * Double(other))
          }
        }
      }
    }
    return flushed
  }
}

/// The rows of `values`, rows × columns, as columns.
func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
  var result = [Float](repeating: 0, count: values.count)
  for row in 0..<rows {
    for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
  }
  return result
}
