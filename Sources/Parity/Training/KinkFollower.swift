import Backend
import ReferenceBackend

/// The reference's run that another run is held against: on the same side of ReLU's kink, wherever rounding
/// alone decides which side that is.
///
/// The gradient jumps where ReLU's argument passes 0. Of the hundred thousand arguments of a step some lie
/// closer to it than rounding moves them, and a unit on the other side makes of a difference of one part in
/// 10⁷ one of Adam's whole steps: no fault, and beyond every bound on rounding. So from the first step at which
/// such a unit is on the other side, a run that has it there too takes the place of the one that all share.
/// Only units whose argument here and value there differ by what rounding explains are moved: those that a fault
/// has moved across by more are not, and remain a difference.
final class KinkFollower {
  /// The run that is followed.
  let followed: StepRun
  private let shared: StepRun
  private var own: StepRun?

  /// - Parameter shared: the reference's run, as long as no unit differs.
  init(_ followed: StepRun, beside shared: StepRun) {
    (self.followed, self.shared) = (followed, shared)
  }

  /// The run to be held against.
  var run: StepRun { own ?? shared }

  /// Catches up with step `number`, which the followed run and the shared one have taken.
  ///
  /// - Parameters:
  ///   - arguments: ReLU's in the shared run's step.
  ///   - state: the shared run's before the step.
  ///   - tolerance: what rounding explains, relative to the largest of a layer's arguments; none is followed at 0.
  /// - Returns: how many units have been moved across the kink.
  func follow(
    _ number: Int, arguments: [Tensor: [Double]], from state: [[Double]], tolerance: Double
  ) throws -> Int {
    var outputs: [Tensor: [Double]] = [:]
    for tensor in arguments.keys { outputs[tensor] = try followed.values(of: tensor) }
    func crossings(_ arguments: [Double], _ outputs: [Double]) -> [Int] {
      let limit = tolerance * (arguments.max() ?? 0)
      return arguments.indices.filter {
        (arguments[$0] > 0) != (outputs[$0] > 0) && abs(arguments[$0] - outputs[$0]) < limit
      }
    }
    if own == nil {
      guard arguments.contains(where: { !crossings($1, outputs[$0] ?? []).isEmpty }) else {
        return 0
      }
      own = try shared.copy(at: state)
    }
    var count = 0
    own?.take(number) { reference, tensor in
      guard let outputs = outputs[tensor] else { return }
      var arguments = reference.values(of: tensor)
      for index in crossings(arguments, outputs) {
        arguments[index] = outputs[index]
        count += 1
      }
      reference.set(tensor, to: arguments)
    }
    return count
  }
}

extension StepRun {
  /// Takes step `number` of the reference.
  ///
  /// - Returns: the arguments of ReLU, by the tensor that they make way for its values in.
  func takeWatched(_ number: Int) -> [Tensor: [Double]] {
    var arguments: [Tensor: [Double]] = [:]
    take(number) { reference, tensor in
      let before = arguments.updateValue(reference.values(of: tensor), forKey: tensor)
      precondition(before == nil, "a step writes a layer's output once")
    }
    return arguments
  }

  /// Takes step `number` of the reference, telling of every tensor while it holds ReLU's arguments.
  fileprivate func take(_ number: Int, beforeReLU: @escaping (ReferenceBackend, Tensor) -> Void) {
    guard let reference = model.backend as? ReferenceBackend else {
      preconditionFailure("only the reference can be watched")
    }
    reference.beforeReLU = { [unowned reference] in beforeReLU(reference, $0) }
    take(number)
    reference.beforeReLU = nil
  }

  /// A run of the reference that stands at `state`.
  fileprivate func copy(at state: [[Double]]) throws -> StepRun {
    let reference = ReferenceBackend()
    let run = try StepRun(subject, on: reference, keepingGradients: keepsGradients)
    for (tensor, values) in zip(run.state, state) { reference.set(tensor, to: values) }
    return run
  }
}
