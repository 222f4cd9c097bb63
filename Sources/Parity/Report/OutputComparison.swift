import Foundation

/// Holds one output tensor against the reference and its bounds.
struct OutputComparison {
  private(set) var failures: [Failure] = []
  private var largestUlps = 0.0
  private var boundUse = 0.0
  private var largestError = 0.0
  private var largestMagnitude = 0.0
  private var worst: Int?

  private let name: String
  private let rows, columns: Int
  private let values: [Float]
  private let reference: [Double]
  private let bounds: OutputBounds

  init(
    name: String, rows: Int, columns: Int, values: [Float], reference: [Double],
    bounds: OutputBounds
  ) {
    precondition(
      values.count == reference.count && values.count == bounds.elements.count,
      "a value, a reference and a bound an element")
    self.name = name
    self.rows = rows
    self.columns = columns
    self.values = values
    self.reference = reference
    self.bounds = bounds
    for index in values.indices { compare(index) }
    if let worst, boundUse > 1 {
      fail(
        .bound,
        "\(place(worst)) is \(text(Double(values[worst]))), \(text(reference[worst])) "
          + "± \(text(bounds.elements[worst].error, digits: 2)) expected")
    }
    if let statistic = productStatistic, !(statistic < Self.statisticLimit) {
      fail(
        .statistic,
        "\(name)'s error is \(text(statistic, digits: 3))·√K·u in the root mean square, "
          + "\(Self.statisticLimit) allowed")
    }
  }

  /// What the comparison comes to.
  var result: OutputResult {
    OutputResult(
      name: name, rows: rows, columns: columns, largestUlps: largestUlps, boundUse: boundUse,
      effectiveBits: largestError == 0 || largestMagnitude == 0
        ? 24 : min(24, -log2(largestError / largestMagnitude)),
      productStatistic: productStatistic,
      worst: worst.map {
        WorstElement(
          row: $0 / columns, column: $0 % columns, value: Double(values[$0]),
          reference: reference[$0], bound: bounds.elements[$0].error)
      })
  }

  private mutating func compare(_ index: Int) {
    let (value, expected, bound) = (values[index], reference[index], bounds.elements[index])
    if value.bitPattern == TestArena.unwritten.bitPattern {
      return fail(.unwritten, "\(place(index)) was never written, or added to")
    }
    let rounded = Float(expected)
    guard rounded.isFinite && value.isFinite else {
      // Just below the largest finite number, rounding may go either way.
      let mayOverflow =
        abs(expected) + bound.error > Double(Float.greatestFiniteMagnitude)
        && !value.isNaN && !rounded.isNaN && (value < 0) == (expected < 0)
      if !isSameClass(value, rounded) && !mayOverflow {
        fail(.nonFinite, "\(place(index)) is \(text(Double(value))), \(text(expected)) expected")
      }
      return
    }
    guard abs(bound.value - expected) <= bound.error * 0x1p-10, bound.error.isFinite else {
      return fail(
        .oracle,
        "\(place(index)): the reference says \(expected), its analysis "
          + "\(bound.value) ± \(bound.error)")
    }
    let error = abs(Double(value) - expected)
    let magnitude = Float(abs(expected))
    largestUlps = max(
      largestUlps, error / Double(max(magnitude, .leastNormalMagnitude).ulp))
    largestError = max(largestError, error)
    largestMagnitude = max(largestMagnitude, abs(expected))
    guard error > 0 else { return }
    let use = bound.error > 0 ? error / bound.error : .greatestFiniteMagnitude
    if use > boundUse {
      boundUse = use
      worst = index
    }
  }

  private func isSameClass(_ value: Float, _ expected: Float) -> Bool {
    value.isNaN ? expected.isNaN : value == expected
  }

  private func place(_ index: Int) -> String {
    "\(name)[\(index / columns), \(index % columns)]"
  }

  /// As many digits as single precision has, unless told.
  private func text(_ value: Double, digits: Int = 9) -> String {
    String(format: "%.\(digits)g", value)
  }

  /// Keeps the first failure of each gate.
  private mutating func fail(_ gate: Failure.Gate, _ reason: String) {
    if !failures.contains(where: { $0.gate == gate }) {
      failures.append(Failure(gate: gate, reason: reason))
    }
  }
}

extension OutputComparison {
  /// What the root mean square of error/√Σ(ab)² may come to, in units of √K·u.
  ///
  /// For independent terms of mean zero and variance s², the k-th partial sum has variance k·s². Its
  /// rounding is at most u times as large, so that K recursive additions amount to no more than
  /// u·s·√(Σk) = u·s·K/√2 in the root mean square, K products to u·s·√K, both together to
  /// √(½ + 3/(2K)) of √K·u times √Σ(ab)² = s·√K; other orders of summation have smaller partial
  /// sums. Roundings average about 0.4u rather than u, so that true single precision stays below 0.5,
  /// while operands rounded to TF32's 11 bits read 2¹³·0.5/√K: 150 at K = 784, 13 at K = 100,000.
  static let statisticLimit = 1.0

  /// Elements below which a root mean square says little.
  private static let statisticElements = 256

  fileprivate var productStatistic: Double? {
    guard let product = bounds.product, product.terms > 0 else { return nil }
    var (sum, count) = (0.0, 0)
    // Where ReLU leaves zero, there is no error to be seen.
    for index in values.indices
    where reference[index] != 0 && values[index].isFinite && product.squares[index].isFinite {
      let error = Double(values[index]) - reference[index]
      sum += error * error / product.squares[index]
      count += 1
    }
    guard count >= Self.statisticElements else { return nil }
    return (sum / Double(count) / Double(product.terms)).squareRoot() / Bounded.unitRoundoff
  }
}
