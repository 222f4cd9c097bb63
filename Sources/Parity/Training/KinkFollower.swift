import Backend
import ReferenceBackend

/// The reference's run that another run is held against: on the same side of ReLU's kink, wherever rounding
/// alone decides which side that is.
///
/// The gradient jumps where ReLU's argument passes 0. Of the hundred thousand arguments of a step some lie
/// closer to it than rounding moves them, and a unit on the other side makes of a difference of one part in
/// 10⁷ one of Adam's whole steps: no fault, and beyond every bound on rounding. So from the first step at which
/// such a unit is on the other side, a run that has it there too takes the place of the one that all share.
/// Only values that differ by what rounding explains are taken over: units that a fault has moved across by
/// more are not, and remain a difference.
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
  ///   - outputs: what ReLU made in the shared run's step.
  ///   - state: the shared run's before the step.
  ///   - tolerance: what rounding explains, relative to the largest of a layer's outputs; none is followed at 0.
  /// - Returns: how many units have been moved across the kink.
  func follow(
    _ number: Int, outputs: [Tensor: [Double]], from state: [[Double]], tolerance: Double
  ) throws -> Int {
    var targets: [Tensor: [Double]] = [:]
    for tensor in outputs.keys { targets[tensor] = try followed.values(of: tensor) }
    func crossings(_ values: [Double], _ targets: [Double]) -> [Int] {
      let limit = tolerance * (values.max() ?? 0)
      return values.indices.filter {
        (values[$0] == 0) != (targets[$0] == 0) && abs(values[$0] - targets[$0]) < limit
      }
    }
    if own == nil {
      guard outputs.contains(where: { !crossings($1, targets[$0] ?? []).isEmpty }) else { return 0 }
      own = try shared.copy(at: state)
    }
    var count = 0
    own?.take(number) { reference, tensor in
      guard let targets = targets[tensor] else { return }
      var values = reference.values(of: tensor)
      for index in crossings(values, targets) {
        values[index] = targets[index]
        count += 1
      }
      reference.set(tensor, to: values)
    }
    return count
  }
}

extension StepRun {
  /// Takes step `number` of the reference.
  ///
  /// - Returns: what ReLU made of every layer, without the tensors that a step writes more than once.
  func takeWatched(_ number: Int) -> [Tensor: [Double]] {
    var outputs: [Tensor: [Double]] = [:]
    var repeated: Set<Tensor> = []
    take(number) { reference, tensor in
      if outputs.updateValue(reference.values(of: tensor), forKey: tensor) != nil {
        repeated.insert(tensor)
      }
    }
    return outputs.filter { !repeated.contains($0.key) }
  }

  /// Takes step `number` of the reference, telling of every tensor that a ReLU makes.
  fileprivate func take(_ number: Int, afterReLU: @escaping (ReferenceBackend, Tensor) -> Void) {
    guard let reference = model.backend as? ReferenceBackend else {
      preconditionFailure("only the reference can be watched")
    }
    reference.afterReLU = { [unowned reference] in afterReLU(reference, $0) }
    take(number)
    reference.afterReLU = nil
  }

  /// A run of the reference that stands at `state`.
  fileprivate func copy(at state: [[Double]]) throws -> StepRun {
    let reference = ReferenceBackend()
    let run = try StepRun(subject, on: reference, keepingGradients: keepsGradients)
    for (tensor, values) in zip(run.state, state) { reference.set(tensor, to: values) }
    return run
  }
}
