import Backend
import ReferenceBackend

/// A part of the comparison, which can be asked for alone.
public enum ComparisonSection: String, Codable, CaseIterable, Sendable {
  /// Every operation, at many shapes and on many kinds of data, against `Double`.
  case operations
  /// Gradients: formulas against difference quotients, backends against formulas.
  case gradients
  /// Random numbers.
  case random
  /// Training steps, in lockstep with the reference and left to themselves.
  case trajectory
  /// Repetition, bit for bit.
  case determinism
}

/// A backend to be compared, under the name that chooses it.
public struct Candidate {
  /// `blas`, `opencl:0`, …
  public let name: String
  /// The backend.
  public let backend: any Backend
  /// The same backend in other ways of working, for the determinism section.
  public let variants: [(name: String, backend: any Backend)]

  /// A candidate.
  public init(
    name: String, backend: any Backend, variants: [(name: String, backend: any Backend)] = []
  ) {
    self.name = name
    self.backend = backend
    self.variants = variants
  }
}

/// Everything that a comparison found. Lists with an element a candidate are in the candidates' order.
public struct Comparison: Codable, Sendable {
  /// Per candidate: every case of the catalogue.
  public var operations: [ConformanceReport] = []
  /// Candidate against candidate.
  public var pairs: [PairResult] = []
  /// Per parameter array.
  public var gradients: [GradientResult] = []
  /// Per candidate.
  public var random: [RandomNumberResult] = []
  /// Per candidate: every tensor of every step.
  public var lockstep: [[LockstepResult]] = []
  /// Per candidate.
  public var freeRuns: [FreeRun] = []
  /// Per candidate.
  public var determinism: [DeterminismResult] = []
  /// The verdict of each section that ran, in order.
  public var verdicts: [Verdict] = []

  /// Whether every section passed.
  public var passes: Bool { verdicts.allSatisfy(\.passes) }
}

/// A section's outcome in a line.
public struct Verdict: Codable, Sendable {
  /// Which section.
  public let section: ComparisonSection
  /// Whether all of it is within its bounds.
  public let passes: Bool
  /// What was seen: where it passes, how close it came; where it does not, what broke first.
  public let text: String
  /// How long it took.
  public var seconds = 0.0
}
