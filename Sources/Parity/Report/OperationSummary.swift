/// One operation over all of its cases: a line of the comparison's table.
public struct OperationSummary: Codable, Sendable {
  /// `Operation.name`.
  public let operation: String
  /// How many cases ran, and how many of them failed.
  public let cases, failures: Int
  /// The largest error on ordinary data, in ulp. Other data cancels or underflows, where an error in
  /// ulp says nothing.
  public let largestUlps: Double
  /// The fewest effective bits on ordinary data.
  public let effectiveBits: Double
  /// The largest use of a bound, on any data.
  public let boundUse: Double
  /// The largest statistic of a matrix product.
  public let productStatistic: Double?
  /// Where that bound is; `nil` if every element is exact.
  public let worst: Worst?

  /// An element of an output of a case.
  public struct Worst: Codable, Sendable {
    /// `CaseResult.name`.
    public let caseName: String
    /// The tensor's name in the operation's formula.
    public let output: String
    /// The element.
    public let element: WorstElement

    /// `dW[783, 399]`
    public var place: String { "\(output)[\(element.row), \(element.column)]" }
  }
}

extension ConformanceReport {
  /// The operations in the order they were tried.
  public var summaries: [OperationSummary] {
    var names: [String] = []
    for result in cases where !names.contains(result.operation) { names.append(result.operation) }
    let groups = Dictionary(grouping: cases, by: \.operation)
    return names.map { OperationSummary(operation: $0, groups[$0, default: []]) }
  }
}

extension OperationSummary {
  fileprivate init(operation: String, _ results: [CaseResult]) {
    let outputs = results.flatMap(\.outputs)
    let ordinary = results.filter { $0.data == .ordinary }.flatMap(\.outputs)
    self.operation = operation
    cases = results.count
    failures = results.count { !$0.failures.isEmpty }
    largestUlps = ordinary.map(\.largestUlps).max() ?? 0
    effectiveBits = ordinary.map(\.effectiveBits).min() ?? 24
    boundUse = outputs.map(\.boundUse).max() ?? 0
    productStatistic = outputs.compactMap(\.productStatistic).max()
    let worst = results.flatMap { result in result.outputs.map { (result, $0) } }
      .max { $0.1.boundUse < $1.1.boundUse }
    self.worst = worst.flatMap { result, output in
      output.worst.map { Worst(caseName: result.name, output: output.name, element: $0) }
    }
  }
}
