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

  public func run(_ operation: Binarize, start: Int, noise: Noise) {
    operation.check(start: start)
    let (images, order) = (operation.images, operation.order)
    let pieces = Binarize.blocks(columns: images.columns).dividedUp(by: layout.width)
    let noise = NoiseArguments(noise)
    enqueue(
      operation, &prepared.binarize, [.offset(UInt64(start)), noise.counter, noise.key]
    ) { () throws(OpenCLStatus) in
      try prepare(
        "binarize", Grid(items: images.rows * pieces, groupSize: layout.elementGroup),
        [
          offset(images), size(images.rows), size(images.columns),
          .memory(order.map { indexTables[$0.identifier].memory.handle }),
        ])
    }
  }

  public func run(_ operation: CopyColumns) {
    let (input, output, count) = (operation.input, operation.output, operation.columns.count)
    enqueue(operation, &prepared.copyColumns, []) { () throws(OpenCLStatus) in
      let pieces = count.dividedUp(by: layout.width)
      return try prepare(
        "copy_columns", Grid(items: input.rows * pieces, groupSize: layout.elementGroup),
        [
          offset(input, operation.columns.lowerBound), size(input.columns),
          offset(output, operation.position), size(output.columns), size(input.rows), size(count),
        ])
    }
  }

  public func run(_ operation: Activate) {
    enqueue(operation, &prepared.activate, []) { () throws(OpenCLStatus) in
      try prepare(
        "activate_all", layout.elements(operation.input.count),
        [
          offset(operation.input), offset(operation.output), size(operation.input.count),
          .code(operation.activation.code),
        ])
    }
  }

  public func run(_ operation: RandomFill, noise: Noise) {
    let noise = NoiseArguments(noise)
    enqueue(
      operation, &prepared.randomFill, [noise.counter, noise.key]
    ) { () throws(OpenCLStatus) in
      let elementsOfBlock = operation.distribution == .words ? 8 : 4
      let blocks = operation.output.count.dividedUp(by: elementsOfBlock)
      return try prepare(
        "random_fill", layout.draws(blocks),
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
}

extension OpenCLBackend {
  /// Runs `operation` by its prepared kernel, which `make` makes at the first run, with the arguments of
  /// this run.
  func enqueue<Planned: Operation, let count: Int>(
    _ operation: Planned, _ kernels: inout [Planned: PreparedKernel],
    _ arguments: [count of Argument], make: () throws(OpenCLStatus) -> PreparedKernel
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
        var nobody: [cl_event]?
        return try kernel.enqueue(queue, arguments, &nobody)
      }
      try eventLog.append(operation, queue) { events throws(OpenCLStatus) in
        try kernel.enqueue(queue, arguments, &events)
      }
    }
  }

  /// The kernel `name`, whose first argument is the arena.
  func prepare(
    _ name: String, _ grid: Grid, _ arguments: [Argument], next: PreparedKernel? = nil
  ) throws(OpenCLStatus) -> PreparedKernel {
    try PreparedKernel(
      program, handle, name, grid, [.memory(arena?.handle)] + arguments, next: next)
  }

  /// Where `tensor` begins, or one of its first row's columns.
  func offset(_ tensor: Tensor, _ column: Int = 0) -> Argument {
    precondition(tensor.range.upperBound <= elements, "tensor outside the arena")
    return .offset(UInt64(tensor.offset + column))
  }

  /// An extent.
  func size(_ extent: Int) -> Argument { .size(UInt32(extent)) }
}

/// A sequence's arguments.
struct NoiseArguments {
  /// Whether there is any.
  let isThere: Argument
  /// The first block's counter.
  let counter: Argument
  let key: Argument

  init(_ noise: Noise?) {
    isThere = .code(noise == nil ? 0 : 1)
    counter = .counter(noise.map { $0.counter(block: $0.firstElement / 4) } ?? .zero)
    key = .key(noise?.key ?? .zero)
  }
}
