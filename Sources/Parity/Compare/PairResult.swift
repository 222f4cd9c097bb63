import Backend

/// How far two backends are from one another on the same inputs.
public struct PairResult: Codable, Sendable {
  /// The candidates' names.
  public let first, second: String
  /// `Operation.name`.
  public let operation: String
  /// The largest difference on ordinary data, in units in the last place of the output's largest
  /// magnitude; `nil` where one of the two did not run.
  public let largestUlps: Double?
  /// Whether every bit agrees, on any data.
  public let isIdentical: Bool
}

/// Runs the small cases of the catalogue on every pair of candidates.
func comparePairs(
  _ candidates: [Candidate], seed: UInt64, operations chosen: Set<String>?
) -> [PairResult] {
  guard candidates.count > 1 else { return [] }
  var catalogue = Catalogue(extent: .small, seed: seed)
  catalogue.build()
  let pairs = candidates.indices.flatMap { first in
    candidates.indices.filter { $0 > first }.map { (first, $0) }
  }
  var operations: [String] = []
  var differences = pairs.map { _ in [String: Difference]() }
  for entry in catalogue.entries where chosen?.contains(entry.operation) != false {
    if !operations.contains(entry.operation) { operations.append(entry.operation) }
    let operationCase = entry.makeCase()
    let outputs = candidates.map { operationCase.outputs(on: $0.backend) }
    for (index, pair) in pairs.enumerated() {
      differences[index][entry.operation, default: Difference()]
        .add(outputs[pair.0], outputs[pair.1], isOrdinary: operationCase.kind == .ordinary)
    }
  }
  return zip(pairs, differences).flatMap { pair, differences in
    operations.map { operation in
      let difference = differences[operation, default: Difference()]
      return PairResult(
        first: candidates[pair.0].name, second: candidates[pair.1].name, operation: operation,
        largestUlps: difference.ulps, isIdentical: difference.isIdentical)
    }
  }
}

/// How far two backends' outputs of an operation are apart.
private struct Difference {
  var ulps: Double? = 0
  var isIdentical = true

  /// Takes a case into account; `nil` stands for outputs that are not there.
  mutating func add(_ first: [[Float]]?, _ second: [[Float]]?, isOrdinary: Bool) {
    guard let first, let second, ulps != nil else {
      (ulps, isIdentical) = (nil, false)
      return
    }
    for (values, others) in zip(first, second)
    where values.map(\.bitPattern) != others.map(\.bitPattern) {
      isIdentical = false
      guard isOrdinary else { continue }
      let scale = values.lazy.map(\.magnitude).filter(\.isFinite).max() ?? 0
      let ulp = Double(max(scale, .leastNormalMagnitude).ulp)
      let difference = zip(values, others).map { abs(Double($0) - Double($1)) / ulp }
      // Ordinary data has no NaN to agree upon.
      let worst = difference.contains(where: \.isNaN) ? .infinity : difference.max() ?? 0
      ulps = ulps.map { max($0, worst) }
    }
  }
}

extension OperationCase {
  /// What the operation writes on `backend`; `nil` where it fails, which the cases report.
  fileprivate func outputs(on backend: any Backend) -> [[Float]]? {
    guard let after = try? contents(on: backend) else { return nil }
    return outputs.map { Array(after[$0.tensor.range]) }
  }
}
