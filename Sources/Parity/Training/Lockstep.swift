import Backend
import ReferenceBackend

/// A tensor that a training step wrote, the step having begun at the reference's own state.
public struct LockstepResult: Codable, Sendable {
  /// The step, counted from 0.
  public let step: Int
  /// The operation that wrote the tensor.
  public let operation: String
  /// The tensor: `encoder.0 output`, `mean.weight gradient`, …
  public let tensor: String
  /// How far the operation was off, from what `Double` makes of the inputs it had.
  public let output: OutputResult
  /// How far the tensor is from the reference's, which made the whole step in `Double`:
  /// ‖x − x̂‖/‖x̂‖ (Euclidean), which has all rounding of the step in it.
  public let distance: Double
  /// What went wrong.
  public let failures: [Failure]
}

/// Takes `steps` training steps in which `backend` starts each from the reference's state.
///
/// Every operation of a step is held against `Double` on the inputs that it had, so that its bound is
/// that of one operation, and the first one broken names the operation at fault; beside it stands how
/// far each tensor is from the reference's.
///
/// - Returns: every tensor of every step, in the order they are computed.
/// - Throws: `BackendError`, `ConfigurationError`.
public func lockstep(_ subject: TrainingSubject, steps: Int, on backend: any Backend) throws
  -> [LockstepResult]
{
  let (reference, checked) = (ReferenceBackend(), CheckedBackend(backend))
  let exact = try StepRun(subject, on: reference)
  let run = try StepRun(subject, on: checked)
  checked.names = Dictionary(
    run.step.trace.map { ($0.tensor, $0.name) }, uniquingKeysWith: { first, _ in first })
  var results: [LockstepResult] = []
  for number in 0..<steps {
    for tensor in exact.state {
      let start = try reference.download(tensor)
      reference.upload(start, to: tensor)
      checked.upload(start, to: tensor)
    }
    _ = checked.takeRecords()
    exact.take(number)
    run.take(number)
    try checked.synchronize()
    for record in checked.takeRecords() {
      results.append(
        LockstepResult(
          step: number, operation: record.operation,
          tensor: record.result.name, output: record.result,
          distance: distance(
            try backend.download(record.tensor), reference.values(of: record.tensor)),
          failures: record.failures))
    }
  }
  return results
}

/// ‖x − x̂‖/‖x̂‖; ‖x‖ where x̂ is zero.
func distance(_ values: [some BinaryFloatingPoint], _ reference: [Double]) -> Double {
  var (difference, norm) = (0.0, 0.0)
  for (value, expected) in zip(values, reference) {
    difference += (Double(value) - expected) * (Double(value) - expected)
    norm += expected * expected
  }
  return norm > 0 ? (difference / norm).squareRoot() : difference.squareRoot()
}
