/// What `checkBackend` found.
public struct ConformanceReport: Codable, Sendable {
  /// `Backend.name`.
  public let backend: String
  /// `Backend.device`.
  public let device: String
  /// Which cases were tried.
  public let extent: Extent
  /// What the cases' data was drawn from.
  public let seed: UInt64
  /// Wall-clock time of the whole check.
  public let seconds: Double
  /// Every case, in the order of the catalogue.
  public let cases: [CaseResult]

  /// The cases with a failure.
  public var failures: [CaseResult] { cases.filter { !$0.failures.isEmpty } }

  /// Throws an error that lists the failures, if there are any: a conformance test in one line.
  ///
  /// - Throws: `ConformanceError`.
  public func requireConformance() throws {
    if !failures.isEmpty { throw ConformanceError(report: self) }
  }
}

/// How an operation did on one set of inputs.
public struct CaseResult: Codable, Sendable {
  /// `Operation.name`.
  public let operation: String
  /// `Operation.shapes`.
  public let shapes: String
  /// What else sets the case apart: an activation, a step of the noise.
  public let variant: String
  /// What the inputs looked like.
  public let data: DataKind
  /// The number of the case in the catalogue; seed and number together determine the inputs.
  public let number: UInt64
  /// Figures per tensor that the operation writes; empty if it did not run.
  public let outputs: [OutputResult]
  /// What went wrong.
  public let failures: [Failure]
}

/// How far one output tensor is from the reference.
public struct OutputResult: Codable, Sendable {
  /// The tensor's name in the operation's formula.
  public let name: String
  /// The tensor's extent.
  public let rows, columns: Int
  /// The largest error, in units in the last place of the reference's value in single precision.
  public let largestUlps: Double
  /// The largest error as a fraction of its bound: above 1 is a failure.
  public let boundUse: Double
  /// −log₂ of the largest error over the largest magnitude, 24 at most: single precision's bits that
  /// the tensor as a whole has right.
  public let effectiveBits: Double
  /// For matrix products, the root mean square of error/√Σ(ab)², in units of √K·u; `nil` where the
  /// activation hides it or elements are too few.
  public let productStatistic: Double?
  /// The element that uses most of its bound; `nil` if every one is exact.
  public let worst: WorstElement?
}

/// The element of a tensor that uses most of its bound.
public struct WorstElement: Codable, Sendable {
  /// Where it is.
  public let row, column: Int
  /// What the backend computed.
  public let value: Double
  /// What the reference computed.
  public let reference: Double
  /// How far the two may be apart.
  public let bound: Double
}

/// One thing wrong with a case.
public struct Failure: Codable, Sendable {
  /// The gate that was not passed.
  public enum Gate: String, Codable, Sendable {
    /// An error above its bound.
    case bound
    /// Matrix products too far off on the whole for single precision.
    case statistic
    /// NaN or infinite where the reference is not, or the other way round.
    case nonFinite = "non-finite"
    /// An output element that nobody wrote, or that was added to what was there.
    case unwritten
    /// An element outside the outputs that changed: an input, or what lies between tensors.
    case canary
    /// Two runs on the same inputs that differ.
    case repeatability
    /// The backend threw.
    case error
    /// The reference and its running error analysis disagree: a fault of the checker's own.
    case oracle
  }

  /// The gate that was not passed.
  public let gate: Gate
  /// One line: which element, its value, what it should be.
  public let reason: String
}

/// A backend that does not conform.
public struct ConformanceError: Error, CustomStringConvertible {
  /// What was found.
  public let report: ConformanceReport

  /// The verdict, then a line for each of the first failures.
  public var description: String {
    let failures = report.failures
    let lines = failures.prefix(20).map { "\n  \($0)" }.joined()
    let rest = failures.count > 20 ? "\n  and \(failures.count - 20) more" : ""
    return "\(report.backend) on \(report.device), seed \(report.seed): \(failures.count) of "
      + "\(report.cases.count) cases fail\(lines)\(rest)"
  }
}

extension CaseResult: CustomStringConvertible {
  /// The case: its number, and what it is about.
  public var name: String {
    let parts = [operation, shapes, variant, "\(data.rawValue) data"].filter { !$0.isEmpty }
    return "#\(number) " + parts.joined(separator: ", ")
  }

  /// The case, and what is wrong with it.
  public var description: String {
    let verdict =
      failures.isEmpty
      ? "ok" : failures.map { "\($0.gate.rawValue): \($0.reason)" }.joined(separator: "; ")
    return "\(name): \(verdict)"
  }
}
