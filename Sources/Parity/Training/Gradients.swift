import Backend
import ReferenceBackend
import VAE

/// A parameter array's gradient: whether its formula is right, and whether every backend follows it.
public struct GradientResult: Codable, Sendable {
  /// `encoder.0.weight gradient`, …
  public let tensor: String
  /// The |gradient − slope| that uses most of its bound, both in `Double`.
  public let slopeError: Double
  /// That bound.
  public let slopeBound: Double
  /// Each backend's ‖g − ĝ‖/‖ĝ‖ from the gradient in `Double`, in the order given; ĝ has a unit on the backend's
  /// side of ReLU's kink where rounding alone decides the side.
  public let distances: [Double]
  /// What each may be: `FreeRun.allowance` times the largest that an ulp in the weights makes, in
  /// `Double`, and `FreeRun.sumRounding`.
  public let distanceBound: Double

  /// Whether the formula is right: the gradient is the loss's slope.
  public var formulaIsRight: Bool { slopeError <= slopeBound }
  /// Whether each backend's gradient is no further off than rounding explains.
  public var backendsAreRight: [Bool] { distances.map { $0 <= distanceBound } }
}

/// Holds the gradient in `Double` against central differences of the loss in `Double`, and every backend's
/// gradient against the one in `Double`.
///
/// - Parameter samples: how many elements of each array have their slope measured.
/// - Throws: `BackendError`, `ConfigurationError`.
public func checkGradients(
  _ subject: TrainingSubject, on backends: [any Backend], samples: Int = 12
) throws -> [GradientResult] {
  let meter = try SlopeMeter(subject)
  func follower(
    on backend: any Backend, from start: (StepRun) throws -> Void = { _ in }
  ) throws -> KinkFollower {
    let run = try StepRun(subject, on: backend, keepingGradients: true)
    try start(run)
    run.take(0)
    return try meter.follower(of: run)
  }
  let moved = try concurrently(3) { draw in
    try follower(on: ReferenceBackend()) { try $0.moveParametersByAnUlp(draw: draw) }
  }
  let runs = try backends.map { try follower(on: $0) }
  var random = RandomNumbers(Noise(seed: subject.training.seed, stream: .corruption, step: 1 << 32))
  return try meter.run.gradients.map { traced in
    let gradient = meter.gradient(traced.tensor)
    var worst: (error: Double, bound: Double)?
    for _ in 0..<samples {
      let index = Int(random.uniform() * Double(gradient.count))
      let slope = try meter.slope(traced.tensor.offset + index)
      let error = abs(slope.value - gradient[index])
      // So that NaN, which compares false, is the worst.
      if worst.map({ !(error / slope.error <= $0.error / $0.bound) }) ?? true {
        worst = (error, slope.error)
      }
    }
    func distances(_ followers: [KinkFollower]) throws -> [Double] {
      try followers.map {
        distance(try $0.followed.values(of: traced.tensor), try $0.run.values(of: traced.tensor))
      }
    }
    let rounding = try distances(moved).max()
    return GradientResult(
      tensor: traced.name, slopeError: worst?.error ?? 0,
      slopeBound: worst?.bound ?? 0,
      distances: try distances(runs),
      distanceBound: FreeRun.allowance * (rounding ?? 0) + FreeRun.sumRounding)
  }
}

/// Measures the loss's slope along single parameters, in `Double`.
private struct SlopeMeter {
  let run: StepRun
  private let reference = ReferenceBackend()
  private let gradients: [Double]
  private let offset: Int
  /// Of the run, before the step, the parameters first, and ReLU's arguments in it.
  private let state: [[Double]]
  private let arguments: [Tensor: [Double]]

  init(_ subject: TrainingSubject) throws {
    run = try StepRun(subject, on: reference, keepingGradients: true)
    let region = run.model.plan.parameters.region
    guard let training = run.model.plan.training else {
      preconditionFailure("a step's model is made for training")
    }
    state = try run.stateValues()
    arguments = run.takeWatched(0)
    gradients = reference.values(of: training.gradients.region)
    offset = training.gradients.region.offset
    reference.set(region, to: state[0])
  }

  /// What `followed`, which has taken the step, is held against.
  func follower(of followed: StepRun) throws -> KinkFollower {
    let follower = KinkFollower(followed, beside: run)
    _ = try follower.follow(
      0, arguments: arguments, from: state, tolerance: FreeRun.kinkTolerance(0))
    return follower
  }

  func gradient(_ tensor: Tensor) -> [Double] {
    Array(gradients[tensor.offset - offset..<tensor.range.upperBound - offset])
  }

  /// The slope along the parameter whose gradient stands at `element` of the arena, and how far off it
  /// may be.
  ///
  /// The quotient (f(θ + h) − f(θ − h))/2h errs by h²·f‴/6, a third of its difference from the
  /// quotient at 2h; by (h − |d|)·Δ/2h where the slope changes by Δ at a kink of ReLU in θ + d, |d| < h; and by the
  /// rounding of f over h, for which 64 units in the last place are set: a loss is a sum over thousands of
  /// pixels.
  ///
  /// With k(h) = (f(θ + h) − 2f(θ) + f(θ − h))/2h the second of these, E, is at most
  /// |k(h)| + |k(2h) − k(h)| and the quotients' difference together: k(h) is E + X, where X, h/4 times the
  /// curvatures of both sides, may hide E; k(2h) − k(h) is X + |d|·Δ/4h; the quotients differ by |d|·Δ/4h.
  func slope(_ element: Int) throws -> (value: Double, error: Double) {
    let (index, h) = (element - offset, 0x1p-17)
    let parameter = Tensor(
      offset: run.model.plan.parameters.region.offset + index, rows: 1, columns: 1)
    func loss(_ distance: Double) throws -> Double {
      reference.set(parameter, to: [state[0][index] + distance])
      run.takeForward(0)
      return try run.loss()
    }
    let middle = try loss(0)
    func quotients(_ distance: Double) throws -> (slope: Double, kink: Double) {
      let (above, below) = (try loss(distance), try loss(-distance))
      return ((above - below) / (2 * distance), (above - 2 * middle + below) / (2 * distance))
    }
    let (near, wide) = (try quotients(h), try quotients(2 * h))
    reference.set(parameter, to: [state[0][index]])
    let kink = abs(near.kink) + abs(wide.kink - near.kink)
    return (
      near.slope, abs(wide.slope - near.slope) + kink + 64 * 0x1p-53 * abs(middle) / h
    )
  }
}
