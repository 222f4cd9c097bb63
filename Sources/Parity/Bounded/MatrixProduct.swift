/// A matrix product in running error analysis: each element's sum in `Double` and how far a
/// single-precision evaluation of it may be off.
struct MatrixProduct {
  /// A·B (+ b).
  private(set) var sums: [Double]
  /// Σ (ab)² (+ b²).
  private(set) var squares: [Double]
  /// How many terms each element sums.
  let terms: Int

  /// |A||B| (+ |b|), the operands' errors included.
  private var magnitudes: [Double]
  /// What the operands' errors amount to.
  private var inherited: [Double]

  /// `left`, M×K, times `right`, K×N, both row by row, plus `bias` in every row.
  init(
    _ left: [Bounded], times right: [Bounded], rows: Int, depth: Int, columns: Int,
    bias: [Bounded]? = nil
  ) {
    terms = depth + (bias == nil ? 0 : 1)
    let start = bias ?? [Bounded](repeating: Bounded(exactly: 0), count: columns)
    func everyRow(_ values: [Double]) -> [Double] {
      var result = [Double]()
      result.reserveCapacity(rows * columns)
      for _ in 0..<rows { result += values }
      return result
    }
    sums = everyRow(start.map(\.value))
    squares = everyRow(start.map { $0.value * $0.value })
    magnitudes = everyRow(start.map { abs($0.value) + $0.error })
    inherited = everyRow(start.map(\.error))
    let values = right.map(\.value)
    let errors = right.map(\.error)
    let isExact = !left.contains { $0.error > 0 } && !errors.contains { $0 > 0 }
    for row in 0..<rows {
      for inner in 0..<depth {
        let factor = left[row * depth + inner]
        let base = inner * columns
        add(factor.value, values, from: base, count: columns, toRow: row)
        if !isExact {
          addErrors(of: factor, values, errors, from: base, count: columns, toRow: row)
        }
      }
    }
  }

  private mutating func add(
    _ factor: Double, _ values: [Double], from base: Int, count: Int, toRow row: Int
  ) {
    let start = row * count
    for column in 0..<count {
      let product = factor * values[base + column]
      sums[start + column] += product
      magnitudes[start + column] += abs(product)
      squares[start + column] += product * product
    }
  }

  private mutating func addErrors(
    of factor: Bounded, _ values: [Double], _ errors: [Double], from base: Int, count: Int,
    toRow row: Int
  ) {
    let start = row * count
    let (value, error) = (abs(factor.value), factor.error)
    for column in 0..<count {
      let more =
        value * errors[base + column] + error * (abs(values[base + column]) + errors[base + column])
      inherited[start + column] += more
      magnitudes[start + column] += more
    }
  }

  /// The hard bound of element `index`, for any order of summation, with or without fused
  /// multiply-adds (Higham, (3.5) and section 3.5): |err| ≤ γ_{K+1}·(|A||B| + |b|), beside the
  /// operands' own errors and an η for each product and each addition.
  func bounded(_ index: Int) -> Bounded {
    Bounded(
      value: sums[index],
      error: sums[index].isInfinite
        ? 0
        : Bounded.gamma(terms + 1) * magnitudes[index] + inherited[index]
          + Double(2 * terms) * Bounded.underflow)
  }

  /// The same with element i at `place(i)`.
  func arranged(_ place: (Int) -> Int) -> MatrixProduct {
    var result = self
    for index in sums.indices {
      let target = place(index)
      result.sums[target] = sums[index]
      result.squares[target] = squares[index]
      result.magnitudes[target] = magnitudes[index]
      result.inherited[target] = inherited[index]
    }
    return result
  }

  /// All elements.
  var elements: [Bounded] { sums.indices.map(bounded) }
}

/// The rows of `values`, rows × columns, as columns.
func transposed<Element>(_ values: [Element], rows: Int, columns: Int) -> [Element] {
  var result = values
  for row in 0..<rows {
    for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
  }
  return result
}
