import Backend

/// How far two backends are from one another on the same inputs.
public struct PairResult: Codable, Sendable {
  /// The candidates' names.
  public let first, second: String
  /// `Operation.name`.
  public let operation: String
  /// The largest difference on ordinary data, in units in the last place of the larger magnitude of the
  /// output.
  public let largestUlps: Double
  /// Whether every bit agrees, on any data.
  public let isIdentical: Bool
}

/// Runs the small cases of the catalogue on every pair of candidates.
func comparePairs(_ candidates: [Candidate], seed: UInt64) -> [PairResult] {
  guard candidates.count > 1 else { return [] }
  var catalogue = Catalogue(extent: .small, seed: seed)
  catalogue.build()
  var names: [String] = []
  var differences: [[String: (ulps: Double, isIdentical: Bool)]] = []
  let pairs = candidates.indices.flatMap { first in
    candidates.indices.filter { $0 > first }.map { (first, $0) }
  }
  differences = pairs.map { _ in [:] }
  for entry in catalogue.entries {
    if names.last != entry.operation && !names.contains(entry.operation) {
      names.append(entry.operation)
    }
    let operationCase = entry.makeCase()
    let outputs = candidates.map { operationCase.outputs(on: $0.backend) }
    for (index, pair) in pairs.enumerated() {
      guard let first = outputs[pair.0], let second = outputs[pair.1] else { continue }
      var difference = differences[index][entry.operation] ?? (0, true)
      for (values, others) in zip(first, second) {
        difference.isIdentical =
          difference.isIdentical && values.map(\.bitPattern) == others.map(\.bitPattern)
        guard operationCase.kind == .ordinary else { continue }
        let scale = values.map(\.magnitude).max() ?? 0
        let ulp = Double(max(scale, .leastNormalMagnitude).ulp)
        for (value, other) in zip(values, others) {
          difference.ulps = max(difference.ulps, abs(Double(value) - Double(other)) / ulp)
        }
      }
      differences[index][entry.operation] = difference
    }
  }
  return pairs.enumerated().flatMap { index, pair in
    names.map { name in
      let difference = differences[index][name] ?? (0, true)
      return PairResult(
        first: candidates[pair.0].name, second: candidates[pair.1].name, operation: name,
        largestUlps: difference.ulps, isIdentical: difference.isIdentical)
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
