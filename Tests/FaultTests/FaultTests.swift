import Foundation
import TestSupport
import Testing

/// `vae compare` against sources with a fault each: what it exists for is that none goes unnoticed.
///
/// `make test-faults` tries all of them. One suite after the other, since each uses all processors.
@Suite(.serialized) struct FaultTests {
  /// Whether every fault is to be tried.
  static let isComplete = ProcessInfo.processInfo.environment["VAE_FAULTS"] == "all"

  /// Tries each fault, and prints what came of it and the score.
  static func `try`(
    _ faults: [Fault], of kind: String, compare: (Fault) throws -> Comparison.Outcome
  ) {
    var found = 0
    for fault in faults {
      let verdict: String
      do {
        switch (try compare(fault), fault.equivalence) {
        case (.found(let text), nil):
          found += 1
          verdict = "found:\(text)"
        case (.withinBounds, let reason?): verdict = "equivalent: \(reason)"
        case (.withinBounds, nil):
          verdict = "MISSED"
          Issue.record("\(fault.testDescription): not found")
        case (.found(let text), .some):
          verdict = "NOT EQUIVALENT:\(text)"
          Issue.record("\(fault.testDescription): said to be equivalent, but found:\(text)")
        }
      } catch {
        verdict = "NOT TRIED: \(error)"
        Issue.record("\(fault.testDescription): \(error)")
      }
      print("\(fault.testDescription): \(verdict)")
      // The list takes minutes, and a pipe's buffer would keep it to the end.
      fflush(nil)
    }
    let equivalent = faults.count { $0.equivalence != nil }
    print(
      "\(found) of \(faults.count - equivalent) \(kind) faults found; \(equivalent) are equivalent")
  }

  /// Sources without a fault pass on ten seeds.
  static func requireSoundness(of comparison: Comparison) throws {
    for seed in 1...10 {
      guard case .withinBounds = try comparison.run(seed: seed) else {
        Issue.record("seed \(seed): a fault is seen where there is none")
        continue
      }
    }
  }

  /// All lists, those that are not tried in this run too: a fault must change with its source.
  @Test(
    arguments: (KernelFaults.cpu + KernelFaults.gpu).map { ($0, "Kernels") }
      + BLASFaults.all.map { ($0, "Sources") })
  func isStillInItsFile(fault: Fault, folder: String) throws {
    _ = try fault.apply(below: PackagePaths.root.appendingPathComponent(folder))
  }
}
