import Backend

/// A matrix product's extents: M×K times K×N.
struct DenseShape: Hashable {
  let rows, inputs, outputs: Int

  init(_ rows: Int, _ inputs: Int, _ outputs: Int) {
    self.rows = rows
    self.inputs = inputs
    self.outputs = outputs
  }
}

extension OperationCase {
  static func dense(_ shape: DenseShape, _ activation: Activation, _ setting: CaseSetting)
    -> OperationCase
  {
    var (data, arena) = (setting.data, setting.arena)
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    let operation = Dense(
      input: arena.input(
        "X", rows: rows, columns: inputs,
        data.matrix(rows: rows, columns: inputs, alternation: .alongRows)),
      weights: arena.input(
        "W", rows: inputs, columns: outputs, data.matrix(rows: inputs, columns: outputs)),
      bias: arena.input("b", rows: 1, columns: outputs, data.matrix(rows: 1, columns: outputs)),
      activation: activation,
      output: arena.output("Y", rows: rows, columns: outputs))
    return OperationCase(
      operation, variant: activation.rawValue, kind: setting.kind, arena: arena,
      outputs: [operation.output], run: { $0.run(operation) }
    ) { [arena] in
      let product = MatrixProduct(
        arena.values(of: operation.input), times: arena.values(of: operation.weights), rows: rows,
        depth: inputs, columns: outputs, bias: arena.values(of: operation.bias))
      return [
        .product(product, activation, setting.kind) { activation.bounded(product.bounded($0)) }
      ]
    }
  }

  static func denseInputGradient(
    _ shape: DenseShape, _ activation: Activation, _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    let operation = DenseInputGradient(
      outputGradient: arena.input(
        "Δ", rows: rows, columns: outputs,
        data.matrix(rows: rows, columns: outputs, alternation: .alongRows)),
      weights: arena.input(
        "W", rows: inputs, columns: outputs, data.matrix(rows: inputs, columns: outputs)),
      activation: activation,
      saved: arena.input(
        "s", rows: rows, columns: inputs, data.saved(by: activation, count: rows * inputs)),
      inputGradient: arena.output("G", rows: rows, columns: inputs))
    return OperationCase(
      operation, variant: activation.rawValue, kind: setting.kind, arena: arena,
      outputs: [operation.inputGradient], run: { $0.run(operation) }
    ) { [arena] in
      let weights = transposed(
        arena.values(of: operation.weights), rows: inputs, columns: outputs)
      let product = MatrixProduct(
        arena.values(of: operation.outputGradient), times: weights, rows: rows, depth: outputs,
        columns: inputs)
      return [
        .product(product, activation, setting.kind) { index in
          activation == .identity
            ? product.bounded(index)
            : product.bounded(index)
              * activation.boundedDerivative(saved: arena[operation.saved, index])
        }
      ]
    }
  }

  static func denseParameterGradient(_ shape: DenseShape, _ setting: CaseSetting) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    let operation = DenseParameterGradient(
      input: arena.input(
        "X", rows: rows, columns: inputs,
        data.matrix(rows: rows, columns: inputs, alternation: .alongColumns)),
      outputGradient: arena.input(
        "Δ", rows: rows, columns: outputs, data.matrix(rows: rows, columns: outputs)),
      weightGradient: arena.output("dW", rows: inputs, columns: outputs),
      biasGradient: arena.output("db", rows: 1, columns: outputs))
    return OperationCase(
      operation, kind: setting.kind, arena: arena,
      outputs: [operation.weightGradient, operation.biasGradient], run: { $0.run(operation) }
    ) { [arena] in
      let input = transposed(arena.values(of: operation.input), rows: rows, columns: inputs)
      let product = MatrixProduct(
        input, times: arena.values(of: operation.outputGradient), rows: inputs, depth: rows,
        columns: outputs)
      return [
        .product(product, .identity, setting.kind, product.bounded),
        OutputBounds(count: outputs) { column in
          var sum = BoundedSum()
          for row in 0..<rows { sum.add(arena[operation.outputGradient, row * outputs + column]) }
          return sum.total
        },
      ]
    }
  }

  static func activate(
    count: Int, _ activation: Activation, inPlace: Bool, _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let input = arena.input("X", rows: 1, columns: count, data.matrix(rows: 1, columns: count))
    let operation = Activate(
      input: input, activation: activation,
      output: inPlace ? input : arena.output("Y", rows: 1, columns: count))
    return OperationCase(
      operation, variant: inPlace ? "in place" : "", kind: setting.kind, arena: arena,
      outputs: [operation.output], run: { $0.run(operation) }
    ) { [arena] in
      [OutputBounds(count: count) { activation.bounded(arena[input, $0]) }]
    }
  }
}

extension OutputBounds {
  /// A matrix product's elements. The statistical gate applies where `activation` lets rounding errors
  /// through as they are, and where the data is of mean zero.
  fileprivate static func product(
    _ product: MatrixProduct, _ activation: Activation, _ kind: DataKind,
    _ element: (Int) -> Bounded
  ) -> OutputBounds {
    var bounds = OutputBounds(count: product.sums.count, element)
    if activation.isTransparent && kind == .ordinary {
      bounds.productSquares = (product.squares, product.terms)
    }
    return bounds
  }
}
