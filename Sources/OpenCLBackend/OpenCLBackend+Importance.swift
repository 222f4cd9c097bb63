import Backend
import COpenCL

extension OpenCLBackend {
  public func run(_ operation: SampledDivergence, noise: Noise) {
    let noise = NoiseArguments(noise)
    enqueue(operation, &prepared.sampledDivergence, [noise.counter, noise.key]) {
      () throws(OpenCLStatus) in
      try prepare(
        "sampled_divergence", layout.rows(operation.head.rows),
        [
          offset(operation.head), offset(operation.divergence), size(operation.head.columns / 2),
          .code(operation.posterior.code),
        ])
    }
  }

  public func run(_ operation: SampledDivergenceGradient, noise: Noise) {
    let gradient = operation.codeGradient
    let noise = NoiseArguments(noise)
    enqueue(operation, &prepared.sampledDivergenceGradient, [noise.counter, noise.key]) {
      () throws(OpenCLStatus) in
      try prepare(
        "sampled_divergence_gradient", layout.pieces(of: gradient),
        [
          offset(operation.head), offset(gradient), offset(operation.weights),
          offset(operation.headGradient), size(gradient.rows), size(gradient.columns),
          .code(operation.posterior.code),
        ])
    }
  }

  public func run(_ operation: ImportanceWeights) {
    enqueue(operation, &prepared.importanceWeights, []) { () throws(OpenCLStatus) in
      try prepare(
        "importance_weights", layout.rows(operation.examples),
        [
          offset(operation.reconstruction), offset(operation.divergence),
          offset(operation.weights), offset(operation.losses), size(operation.examples),
          size(operation.draws), .real(operation.scale),
        ])
    }
  }

  public func run(_ operation: RepeatRows) {
    enqueue(operation, &prepared.repeatRows, []) { () throws(OpenCLStatus) in
      try prepare(
        "repeat_rows", layout.pieces(of: operation.output),
        rows(operation.input, operation.output) + [size(operation.count)])
    }
  }

  public func run(_ operation: SumRowGroups) {
    enqueue(operation, &prepared.sumRowGroups, []) { () throws(OpenCLStatus) in
      try prepare(
        "sum_row_groups", layout.pieces(of: operation.output),
        rows(operation.input, operation.output)
          + [size(operation.count), .real(operation.scale)])
    }
  }

  public func run(_ operation: ScaleRows) {
    enqueue(operation, &prepared.scaleRows, []) { () throws(OpenCLStatus) in
      try prepare(
        "scale_rows", layout.pieces(of: operation.output),
        rows(operation.input, operation.output) + [offset(operation.scales)])
    }
  }

  /// The first arguments of the kernels in rows.cl.
  private func rows(_ input: Tensor, _ output: Tensor) -> [Argument] {
    [offset(input), offset(output), size(output.rows), size(output.columns)]
  }
}

extension Layout {
  /// Work-items that take `width` columns of a row each.
  fileprivate func pieces(of tensor: Tensor) -> Grid {
    Grid(items: tensor.rows * tensor.columns.dividedUp(by: width), groupSize: elementGroup)
  }
}
