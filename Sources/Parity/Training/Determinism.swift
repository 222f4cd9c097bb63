import Backend
import Files
import Foundation

/// Whether a backend's training repeats bit for bit.
public struct DeterminismResult: Codable, Sendable {
  /// SHA-256 of the parameters after the steps.
  public let hash: String
  /// The same, done again.
  public let hashAgain: String
  /// The same, with the state taken off halfway and put back on into a new arena.
  public let hashResumed: String
  /// The same on the backend's variants: another number of threads.
  public let variants: [Variant]

  /// A way of working that need not give the same bits.
  public struct Variant: Codable, Sendable {
    /// What differs: `1 thread`.
    public let name: String
    /// SHA-256 of the parameters.
    public let hash: String
  }

  /// Whether the run repeats and resumes.
  public var passes: Bool { hash == hashAgain && hash == hashResumed }
}

/// Trains `steps` steps on `backend` several times and compares the parameters' bits.
///
/// - Parameter variants: the backend in other ways of working, whose bits are reported and not judged:
///   with another number of threads a matrix product is cut, and its terms added, otherwise.
/// - Throws: `BackendError`, `ConfigurationError`.
public func checkDeterminism(
  _ subject: TrainingSubject, steps: Int, on backend: any Backend,
  variants: [(name: String, backend: any Backend)] = []
) throws -> DeterminismResult {
  func train(on backend: any Backend, resumingAt middle: Int? = nil) throws -> String {
    var run = try StepRun(subject, on: backend)
    for number in 0..<steps {
      if number == middle {
        let state = try run.state.map { try backend.download($0) }
        run = try StepRun(subject, on: backend)
        for (tensor, values) in zip(run.state, state) { backend.upload(values, to: tensor) }
      }
      run.take(number)
    }
    let parameters = try backend.download(run.model.plan.parameters.region)
    return SHA256.hexadecimal(of: parameters.withUnsafeBytes { Data($0) })
  }
  return DeterminismResult(
    hash: try train(on: backend), hashAgain: try train(on: backend),
    hashResumed: try train(on: backend, resumingAt: steps / 2),
    variants: try variants.map { .init(name: $0.name, hash: try train(on: $0.backend)) })
}
