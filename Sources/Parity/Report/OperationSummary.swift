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
  }
}
