import Backend
import ReferenceBackend

/// A training run on one backend, left to itself, beside the reference's.
public struct FreeRun: Codable, Sendable {
  /// What every step came to.
  public struct Step: Codable, Sendable {
    /// The batch's loss.
    public let loss: Double
    /// The reference's loss on the same batch and noise.
    public let referenceLoss: Double
    /// |loss − referenceLoss|/|referenceLoss|.
    public let lossDistance: Double
    /// ‖θ − θ̂‖/‖θ̂‖ after the step.
    public let parameterDistance: Double
    /// The largest of both distances among the runs in `Double` whose initial weights were moved by an
    /// ulp.
    public let lossEnvelope, parameterEnvelope: Double
    /// What both distances may come to: `allowance` times the envelope.
    public let lossLimit, parameterLimit: Double
    /// How many units rounding put on the other side of ReLU's kink, where the reference then put them too.
    public let crossings: Int
  }

  /// `Backend.name`.
  public let backend: String
  /// `Backend.device`.
  public let device: String
  /// Every step, from the first.
  public let steps: [Step]

  /// How many times as far from the reference as the envelope a run may be.
  ///
  /// The envelope's runs are rounded once, by an ulp of their initial weights; a run in single precision
  /// is rounded at every step: its weights by half an ulp, its gradients by some ulp more. Where
  /// training amplifies a difference (a `sigma` head does at σ near 0, by 1/σ²) the factor has heavy
  /// tails, and the largest of three draws is no bound on the next one. Six bits cover both; operands
  /// rounded to TF32 lose thirteen.
  public static let allowance = 64.0

  /// What rounding makes of a sum of thousands of terms in single precision, relative to the sum, even where
  /// an ulp in the weights moves it by less: a loss, or the gradient of the one variance of all pixels.
  static let sumRounding = 64 * Bounded.unitRoundoff

  /// How far from 0 rounding can have moved a unit, relative to the largest argument of its layer, where it has
  /// moved parameters by `envelope` at most; 0 where that is a thousandth or more, which is no longer rounding
  /// but what training makes of it.
  static func kinkTolerance(_ envelope: Double) -> Double {
    let tolerance = max(sumRounding, allowance * envelope)
    return tolerance < 1e-3 ? tolerance : 0
  }

  /// The first step outside of the envelope, if any, and what left it.
  public var departure: (step: Int, quantity: String, distance: Double, limit: Double)? {
    for (number, step) in steps.enumerated() {
      if !(step.parameterDistance <= step.parameterLimit) {
        return (number, "parameters", step.parameterDistance, step.parameterLimit)
      }
      if !(step.lossDistance <= step.lossLimit) {
        return (number, "loss", step.lossDistance, step.lossLimit)
      }
    }
    return nil
  }
}

/// Trains `steps` steps on every one of `backends`, on the reference, and on the reference from initial
/// weights moved by one single-precision ulp up or down at random. Where rounding puts a unit on the other
/// side of ReLU's kink, the reference follows (`KinkFollower`).
///
/// - Parameters:
///   - envelope: how many such runs make the envelope.
///   - progress: told how many steps are done, after each.
/// - Throws: `BackendError`, `ConfigurationError`.
public func freeRuns(
  _ subject: TrainingSubject, steps: Int, on backends: [any Backend], envelope: Int = 3,
  progress: (Int) -> Void = { _ in }
) throws -> [FreeRun] {
  let exact = try StepRun(subject, on: ReferenceBackend())
  let moved = try (0..<envelope).map { number in
    let run = try StepRun(subject, on: ReferenceBackend())
    try run.moveParametersByAnUlp(draw: number)
    return run
  }
  let runs = try backends.map { try StepRun(subject, on: $0) }
  let followers = (moved + runs).map { KinkFollower($0, beside: exact) }
  var tolerance = FreeRun.kinkTolerance(0)
  var results = [[FreeRun.Step]](repeating: [], count: runs.count)
  for number in 0..<steps {
    let start = try exact.stateValues()
    for run in runs { run.take(number) }
    let arguments = try concurrently(1 + envelope) { index in
      if index == 0 { return exact.takeWatched(number) }
      moved[index - 1].take(number)
      return [:]
    }
    let standings = try concurrently(followers.count) { index in
      let follower = followers[index]
      let crossings = try follower.follow(
        number, arguments: arguments[0], from: start, tolerance: tolerance)
      return (
        own: try Standing(of: follower.followed), reference: try Standing(of: follower.run),
        crossings: crossings
      )
    }
    let distances = standings.prefix(envelope).map { $0.own.distance(from: $0.reference) }
    for (index, standing) in standings.dropFirst(envelope).enumerated() {
      results[index].append(
        FreeRun.Step(
          standing.own, beside: standing.reference, envelope: distances,
          crossings: standing.crossings))
    }
    tolerance = FreeRun.kinkTolerance(distances.map(\.parameters).max() ?? 0)
    progress(number + 1)
  }
  return zip(backends, results).map { backend, steps in
    FreeRun(backend: backend.name, device: backend.device, steps: steps)
  }
}

extension FreeRun.Step {
  fileprivate init(
    _ standing: Standing, beside reference: Standing,
    envelope: [(loss: Double, parameters: Double)], crossings: Int
  ) {
    self.crossings = crossings
    (loss, referenceLoss) = (standing.loss, reference.loss)
    (lossDistance, parameterDistance) = standing.distance(from: reference)
    lossEnvelope = envelope.map(\.loss).max() ?? 0
    parameterEnvelope = envelope.map(\.parameters).max() ?? 0
    lossLimit = FreeRun.allowance * lossEnvelope + FreeRun.sumRounding
    parameterLimit = FreeRun.allowance * parameterEnvelope
  }
}

/// A run's loss and parameters after a step.
private struct Standing {
  let loss: Double
  let parameters: [Double]

  init(of run: StepRun) throws {
    loss = try run.loss()
    parameters = try run.values(of: run.model.plan.parameters.region)
  }

  func distance(from reference: Standing) -> (loss: Double, parameters: Double) {
    (
      abs(loss - reference.loss) / abs(reference.loss),
      Parity.distance(parameters, reference.parameters)
    )
  }
}
