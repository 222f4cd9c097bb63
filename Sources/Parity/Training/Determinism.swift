import Backend
import Files
import Foundation
import ReferenceBackend

/// Whether a backend's training repeats bit for bit.
public struct DeterminismResult: Codable, Sendable {
  /// SHA-256 of the parameters after the steps.
  public let hash: String
  /// The same, done again.
  public let hashAgain: String
  /// The same, with the state taken off halfway and put back on into a new arena; `nil` for the
  /// reference, whose numbers are wider than those that are saved.
  public let hashResumed: String?
  /// Where a run done again or resumed goes another way, if it does and did so when watched.
  public let divergence: Divergence?
  /// The same on the backend's variants: another number of threads.
  public let variants: [Variant]

  /// A way of working that need not give the same bits.
  public struct Variant: Codable, Sendable {
    /// What differs: `1 thread`.
    public let name: String
    /// SHA-256 of the parameters.
    public let hash: String
    /// Where it goes another way, if it does.
    public let divergence: Divergence?
  }

  /// The first tensor whose bits two runs do not share.
  public struct Divergence: Codable, Sendable {
    /// The step, counted from 0.
    public let step: Int
    /// The operation that wrote the tensor.
    public let operation: String
    /// The tensor: `encoder.0 output`, …
    public let tensor: String
  }

  /// Whether the run repeats and resumes.
  public var passes: Bool { hash == hashAgain && hash == hashResumed ?? hash }
}

/// Trains `steps` steps on `backend` several times and compares the parameters' bits.
///
/// Runs that differ are made once more, every tensor of every step downloaded, to say where.
///
/// - Parameter variants: the backend in other ways of working, whose bits are reported and not judged:
///   with another number of threads a matrix product is cut otherwise, and a block of another size may
///   be summed by another kernel, in another order.
/// - Throws: `BackendError`, `ConfigurationError`.
public func checkDeterminism(
  _ subject: TrainingSubject, steps: Int, on backend: any Backend,
  variants: [(name: String, backend: any Backend)] = []
) throws -> DeterminismResult {
  let plain = RepeatedRun(subject: subject, steps: steps, backend: backend)
  var resumed = plain
  resumed.middle = steps / 2
  let (hash, hashAgain) = (try plain.hash(), try plain.hash())
  let hashResumed = backend is ReferenceBackend ? nil : try resumed.hash()
  let other = hashAgain != hash ? plain : hashResumed ?? hash != hash ? resumed : nil
  return DeterminismResult(
    hash: hash, hashAgain: hashAgain, hashResumed: hashResumed,
    divergence: try other.flatMap { try plain.divergence(from: $0) },
    variants: try variants.map { name, backend in
      var run = plain
      run.backend = backend
      let variantHash = try run.hash()
      return .init(
        name: name, hash: variantHash,
        divergence: variantHash == hash ? nil : try plain.divergence(from: run))
    })
}

/// Training that is done several times.
private struct RepeatedRun {
  let subject: TrainingSubject
  let steps: Int
  var backend: any Backend
  /// The step before which the state is taken off and put back on into a new arena.
  var middle: Int?

  /// SHA-256 of the parameters at the end.
  func hash() throws -> String {
    let run = try train { _, _ in }
    let parameters = try backend.download(run.model.plan.parameters.region)
    return SHA256.hexadecimal(of: parameters.withUnsafeBytes { Data($0) })
  }

  /// Where `other` goes another way; `nil` where both are the same bit for bit.
  func divergence(from other: RepeatedRun) throws -> DeterminismResult.Divergence? {
    zip(try bits(), try other.bits()).first { $0.hash != $1.hash }?.0.place
  }

  /// A hash of every tensor of every step.
  private func bits() throws -> [(place: DeterminismResult.Divergence, hash: Int)] {
    var all: [(place: DeterminismResult.Divergence, hash: Int)] = []
    _ = try train { run, number in
      for traced in run.step.trace {
        all.append(
          (
            .init(step: number, operation: traced.operation, tensor: traced.name),
            try backend.download(traced.tensor).map(\.bitPattern).hashValue
          ))
      }
    }
    return all
  }

  private func train(_ look: (_ run: StepRun, _ step: Int) throws -> Void) throws -> StepRun {
    var run = try StepRun(subject, on: backend)
    for number in 0..<steps {
      if number == middle {
        let state = try run.state.map { try backend.download($0) }
        run = try StepRun(subject, on: backend)
        for (tensor, values) in zip(run.state, state) { backend.upload(values, to: tensor) }
      }
      run.take(number)
      try look(run, number)
    }
    return run
  }
}
