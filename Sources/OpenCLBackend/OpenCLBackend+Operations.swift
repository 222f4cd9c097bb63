import Backend
import COpenCL

extension OpenCLBackend {
  public func run(_ operation: Gather, start: Int) {
    let (output, order) = (operation.output, operation.order)
    precondition(
      start >= 0 && start + output.rows <= order?.count ?? operation.pixels.rows,
      "gather: rows outside the table")
    enqueue(operation, &prepared.gather, [.offset(UInt64(start))]) { () throws(OpenCLStatus) in
      let pieces = output.columns.dividedUp(by: layout.width)
      return try prepare(
        "gather", Grid(items: output.rows * pieces, groupSize: layout.elementGroup),
        [
          offset(output), size(output.rows), size(output.columns),
          .memory(pixelTables[operation.pixels.identifier].memory.handle),
          .memory(order.map { indexTables[$0.identifier].memory.handle }),
        ])
    }
  }

  public func run(_ operation: Activate) {
    enqueue(operation, &prepared.activate) { () throws(OpenCLStatus) in
      try prepare(
        "activate_all", layout.elements(operation.input.count),
        [
          offset(operation.input), offset(operation.output), size(operation.input.count),
          .code(operation.activation.code),
        ])
    }
  }

  public func run(_ operation: RandomFill, noise: Noise) {
    enqueue(operation, &prepared.randomFill, arguments(of: noise)) { () throws(OpenCLStatus) in
      let elementsOfBlock = operation.distribution == .words ? 8 : 4
      let blocks = operation.output.count.dividedUp(by: elementsOfBlock)
      return try prepare(
        "random_fill", layout.elements(blocks),
        [
          offset(operation.output), size(operation.output.count),
          .code(operation.distribution.code),
        ])
    }
  }

  public func run(_ operation: SumRows, output: Tensor) {
    precondition(output.count == operation.input.rows, "sum rows: one sum a row")
    enqueue(operation, &prepared.sumRows, [offset(output)]) { () throws(OpenCLStatus) in
      try prepare(
        "sum_rows", layout.rows(operation.input.rows),
        [offset(operation.input), size(operation.input.columns)])
    }
  }

  public func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) {
    enqueue(
      operation, &prepared.adam, [.real(rate.stepSize), .real(rate.inverseRootCorrection)]
    ) { () throws(OpenCLStatus) in
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

extension OpenCLBackend {
  /// Runs `operation` by its prepared kernel, which `make` makes at the first run.
  ///
  /// - Parameter continuing: whether the kernel goes on with what the last one began of the operation.
  func enqueue<Planned: Operation>(
    _ operation: Planned, _ kernels: inout [Planned: PreparedKernel], _ arguments: [Argument] = [],
    continuing: Bool = false, make: () throws(OpenCLStatus) -> PreparedKernel
  ) {
    attempt(operation.description) { () throws(OpenCLStatus) in
      let kernel: PreparedKernel
      if let known = kernels[operation] {
        kernel = known
      } else {
        kernel = try make()
        kernels[operation] = kernel
      }
      guard let eventLog, eventLog.profile.isRecording else {
        return try kernel.enqueue(queue, arguments, event: nil)
      }
      try eventLog.append(operation, continuing: continuing, queue) { event throws(OpenCLStatus) in
        try kernel.enqueue(queue, arguments, event: event)
      }
    }
  }

  /// The kernel `name`, whose first argument is the arena.
  func prepare(_ name: String, _ grid: Grid, _ arguments: [Argument]) throws(OpenCLStatus)
    -> PreparedKernel
  {
    try PreparedKernel(program, name, grid, [.memory(arena?.handle)] + arguments)
  }

  /// A matrix product's kernel.
  func prepare(_ matrix: MatrixKernel, _ arguments: [Argument]) throws(OpenCLStatus)
    -> PreparedKernel
  {
    try prepare(matrix.name, matrix.grid, arguments + matrix.arguments)
  }

  /// Where `tensor` begins.
  func offset(_ tensor: Tensor) -> Argument {
    precondition(tensor.range.upperBound <= elements, "tensor outside the arena")
    return .offset(UInt64(tensor.offset))
  }

  /// An extent.
  func size(_ extent: Int) -> Argument { .size(UInt32(extent)) }

  /// The counter and key of a sequence's first block.
  func arguments(of noise: Noise) -> [Argument] {
    [.counter(noise.counter(block: noise.firstElement / 4)), .key(noise.key)]
  }
}
