import Backend
import COpenCL

extension OpenCLBackend {
  public func run(_ operation: Dense) {
    let (input, weights) = (operation.input, operation.weights)
    enqueue(operation, &prepared.dense, []) { () throws(OpenCLStatus) in
      try prepare(
        tiling.product(.dense, output: operation.output, depth: weights.rows),
        [
          offset(input), offset(weights), offset(operation.bias), offset(operation.output),
          size(input.rows), size(weights.rows), size(weights.columns),
          .code(operation.activation.code),
        ], operation.output,
        finish: [
          .code(operation.activation.code), offset(operation.bias), size(weights.columns),
        ])
    }
  }

  public func run(_ operation: DenseInputGradient) {
    let (gradient, weights) = (operation.outputGradient, operation.weights)
    enqueue(operation, &prepared.denseInputGradient, []) { () throws(OpenCLStatus) in
      // Not read for the identity, and then of any shape.
      let saved: Argument =
        operation.activation == .identity ? .offset(0) : offset(operation.saved)
      return try prepare(
        tiling.product(
          .inputGradient, output: operation.inputGradient, depth: weights.columns),
        [
          offset(gradient), offset(weights), saved, offset(operation.inputGradient),
          size(gradient.rows), size(weights.rows), size(weights.columns),
          .code(operation.activation.code),
        ], operation.inputGradient, finish: [.code(operation.activation.code), saved])
    }
  }

  public func run(_ operation: DenseParameterGradient) {
    let (input, gradient) = (operation.input, operation.outputGradient)
    enqueue(operation, &prepared.denseParameterGradient, []) { () throws(OpenCLStatus) in
      let kernel = tiling.gradients(.parameterGradient, of: [operation]).kernel
      return try prepare(
        kernel.name, kernel.grid,
        [
          offset(input), offset(gradient), offset(operation.weightGradient),
          offset(operation.biasGradient), size(input.rows), size(input.columns),
          size(gradient.columns),
        ] + kernel.arguments)
    }
  }

  public func run(_ operation: DenseUpdate, rate: AdamUpdate.Rate) {
    enqueue(operation, &prepared.denseUpdate, rate.arguments) { () throws(OpenCLStatus) in
      let (kernel, groups) = tiling.gradients(.update, of: operation.gradients)
      let adam = operation.adam
      // The kernel finds parameters and moments by their distance from the gradients.
      func distance(to tensor: Tensor) -> Argument {
        precondition(tensor.range.upperBound <= elements, "tensor outside the arena")
        return .offset(UInt64(bitPattern: Int64(tensor.offset - adam.gradients.offset)))
      }
      let table = Table(try layerTable(operation.gradients, groups: groups))
      layerTables.append(table)
      return try prepare(
        kernel.name, kernel.grid,
        [.memory(table.memory.handle), size(operation.gradients.count)] + kernel.arguments + [
          distance(to: adam.parameters), distance(to: adam.firstMoment),
          distance(to: adam.secondMoment), .real(adam.beta1), .real(adam.beta2),
          .real(adam.epsilon),
        ])
    }
  }

  /// A product's kernel; where it leaves the sums of `output` in slices, with the one that adds them and
  /// goes on with the arguments `finish`.
  private func prepare(
    _ matrix: MatrixKernel, _ arguments: [Argument], _ output: Tensor, finish: [Argument]
  ) throws(OpenCLStatus) -> PreparedKernel {
    let arguments = arguments + matrix.arguments
    guard let slices = matrix.slices else {
      return try prepare(matrix.name, matrix.grid, arguments)
    }
    if slices.count == 1 {
      return try prepare(matrix.name, matrix.grid, arguments + [.memory(nil)])
    }
    let partial = Argument.memory(try scratch(elements: slices.count * output.count))
    let adding = try prepare(
      slices.kernel, layout.elements(output.count),
      [partial, size(slices.count), size(output.count), offset(output)] + finish)
    return try prepare(matrix.name, matrix.grid, arguments + [partial], next: adding)
  }

  /// Memory for a product's slices, shared by all products, since they run one after the other.
  private func scratch(elements: Int) throws(OpenCLStatus) -> cl_mem {
    let bytes = elements * MemoryLayout<Float>.stride
    if let largest = scratch.last, largest.memory.bytes >= bytes { return largest.memory.handle }
    // Kernels that are prepared already keep the smaller ones.
    let table = Table(try Memory(context, bytes: bytes))
    scratch.append(table)
    return table.memory.handle
  }

  /// The rows that `find_layer` of update.h reads.
  private func layerTable(_ layers: [DenseParameterGradient], groups: [Int]) throws(OpenCLStatus)
    -> Memory
  {
    var before = 0
    var rows: [UInt64] = []
    for (layer, count) in zip(layers, groups) {
      let (input, gradient) = (layer.input, layer.outputGradient)
      for tensor in [input, gradient, layer.weightGradient, layer.biasGradient] {
        precondition(tensor.range.upperBound <= elements, "tensor outside the arena")
        rows.append(UInt64(tensor.offset))
      }
      rows += [input.rows, input.columns, gradient.columns, before].map { UInt64($0) }
      before += count
    }
    let memory = try Memory(context, bytes: rows.count * MemoryLayout<UInt64>.stride)
    let written = rows.withUnsafeBytes { bytes in
      Result { () throws(OpenCLStatus) in try memory.write(bytes, at: 0, queue) }
    }
    try written.get()
    return memory
  }
}
