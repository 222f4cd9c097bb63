import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) {
    perform(
      Adam(
        rate: vm_adam_rate(operation, rate),
        count: operation.parameters.count, gradients: pointer(to: operation.gradients),
        parameters: pointer(to: operation.parameters),
        firstMoment: pointer(to: operation.firstMoment),
        secondMoment: pointer(to: operation.secondMoment)),
      size: operation.parameters.count, grain: 1 << 12)
  }

  public func run(_ operation: MomentumUpdate, learningRate: Float) {
    perform(
      Momentum(
        momentum: operation.momentum, learningRate: learningRate,
        count: operation.parameters.count, gradients: pointer(to: operation.gradients),
        parameters: pointer(to: operation.parameters), velocity: pointer(to: operation.velocity)),
      size: operation.parameters.count, grain: 1 << 13)
  }
}

extension vm_adam_rate {
  /// The same, as C knows it.
  init(_ update: AdamUpdate, _ rate: AdamUpdate.Rate) {
    self.init(
      beta1: update.beta1, beta2: update.beta2, epsilon: update.epsilon,
      step_size: rate.stepSize, inverse_root_correction: rate.inverseRootCorrection,
      retention: rate.retention)
  }
}

private struct Adam: ParallelWork {
  let rate: vm_adam_rate
  let count: Int
  let gradients: UnsafePointer<Float>
  let parameters: UnsafeMutablePointer<Float>
  let firstMoment: UnsafeMutablePointer<Float>
  let secondMoment: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let range = part.share(of: count, multiple: 16)
    let start = range.lowerBound
    vm_adam(
      rate, gradients + start, parameters + start, firstMoment + start, secondMoment + start,
      range.count)
  }
}

private struct Momentum: ParallelWork {
  let momentum: Float
  let learningRate: Float
  let count: Int
  let gradients: UnsafePointer<Float>
  let parameters: UnsafeMutablePointer<Float>
  let velocity: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let range = part.share(of: count, multiple: 16)
    let start = range.lowerBound
    vm_momentum(
      momentum, learningRate, gradients + start, parameters + start, velocity + start,
      range.count)
  }
}
