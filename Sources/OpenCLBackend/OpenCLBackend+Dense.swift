import Backend
import COpenCL

extension OpenCLBackend {
  public func run(_ operation: Dense) {
    let (input, weights) = (operation.input, operation.weights)
    enqueue(operation, &prepared.dense) { () throws(OpenCLStatus) in
      try prepare(
        tiling.product("dense_forward", rows: input.rows, columns: weights.columns),
        [
          offset(input), offset(weights), offset(operation.bias), offset(operation.output),
          size(input.rows), size(weights.rows), size(weights.columns),
          .code(operation.activation.code),
        ])
    }
  }

  public func run(_ operation: DenseInputGradient) {
    let (gradient, weights) = (operation.outputGradient, operation.weights)
    enqueue(operation, &prepared.denseInputGradient) { () throws(OpenCLStatus) in
      try prepare(
        tiling.product("dense_input_gradient", rows: gradient.rows, columns: weights.rows),
        [
          offset(gradient), offset(weights),
          // Not read for the identity, and then of any shape.
          operation.activation == .identity ? .offset(0) : offset(operation.saved),
          offset(operation.inputGradient), size(gradient.rows), size(weights.rows),
          size(weights.columns), .code(operation.activation.code),
        ])
    }
  }

  public func run(_ operation: DenseParameterGradient) {
    let (input, gradient) = (operation.input, operation.outputGradient)
    enqueue(operation, &prepared.denseParameterGradient) { () throws(OpenCLStatus) in
      try prepare(
        tiling.parameterGradient(operation),
        [
          offset(input), offset(gradient), offset(operation.weightGradient),
          offset(operation.biasGradient), size(input.rows), size(input.columns),
          size(gradient.columns),
        ])
    }
  }

  public func run(_ operation: DenseUpdate, rate: AdamUpdate.Rate) {
    enqueue(operation, &prepared.denseUpdate, rate.arguments) { () throws(OpenCLStatus) in
      let (kernel, groups) = tiling.update(operation)
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
