import Backend
import COpenCL

extension OpenCLBackend {
  public func run(_ operation: SumSquares) {
    enqueue(operation, &prepared.sumSquares, []) { () throws(OpenCLStatus) in
      try prepare(
        "sum_squares", layout.rows(operation.sums.count),
        [
          offset(operation.input), size(operation.input.count), size(SumSquares.block),
          offset(operation.sums),
        ])
    }
  }

  public func run(_ operation: ClipByNorm, squaredNorm: Tensor) {
    precondition(squaredNorm.count == 1, "clip by norm: one squared norm")
    enqueue(operation, &prepared.clipByNorm, [offset(squaredNorm)]) { () throws(OpenCLStatus) in
      try prepare(
        "clip_by_norm", layout.elements(operation.tensor.count),
        [offset(operation.tensor), size(operation.tensor.count), .real(operation.limit)])
    }
  }

  public func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) {
    enqueue(operation, &prepared.adam, rate.arguments) { () throws(OpenCLStatus) in
      try prepare(
        "adam", layout.elements(operation.parameters.count),
        [
          offset(operation.parameters), offset(operation.gradients),
          offset(operation.firstMoment), offset(operation.secondMoment),
          size(operation.parameters.count), .real(operation.beta1), .real(operation.beta2),
          .real(operation.epsilon),
        ])
    }
  }

  public func run(_ operation: MomentumUpdate, learningRate: Float) {
    enqueue(operation, &prepared.momentum, [.real(learningRate)]) { () throws(OpenCLStatus) in
      try prepare(
        "momentum_update", layout.elements(operation.parameters.count),
        [
          offset(operation.parameters), offset(operation.gradients), offset(operation.velocity),
          size(operation.parameters.count), .real(operation.momentum),
        ])
    }
  }
}

extension AdamUpdate.Rate {
  /// The last arguments of the kernels that take Adam's step.
  var arguments: [3 of Argument] {
    [.real(stepSize), .real(inverseRootCorrection), .real(retention)]
  }
}
