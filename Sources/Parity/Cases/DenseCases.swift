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
      outputs: [operation.output], showsProduct: activation.isTransparent,
      run: { $0.run(operation) })
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
      outputs: [operation.inputGradient], showsProduct: activation.isTransparent,
      run: { $0.run(operation) }
    )
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
      outputs: [operation.weightGradient, operation.biasGradient], showsProduct: true,
      run: { $0.run(operation) }
    )
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
    )
  }
}
