import Backend

extension OperationCase {
  /// `steps` steps of Adam from zero or given moments; the bound follows the state through all of
  /// them.
  static func adam(count: Int, steps: Int, _ setting: CaseSetting) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    func row(_ name: String, _ values: [Float]) -> Tensor {
      arena.input(name, rows: 1, columns: count, values)
    }
    let operation = AdamUpdate(
      parameters: row("θ", data.matrix(rows: 1, columns: count)),
      gradients: row("g", data.matrix(rows: 1, columns: count)),
      firstMoment: row("m", data.matrix(rows: 1, columns: count)),
      secondMoment: row("v", data.matrix(rows: 1, columns: count).map(abs)),
      beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    let rates = (1...steps).map { operation.rate(learningRate: 1e-3, step: $0) }
    return OperationCase(
      operation, variant: "\(steps) steps", kind: setting.kind, arena: arena,
      outputs: [operation.parameters, operation.firstMoment, operation.secondMoment],
      run: { backend in rates.forEach { backend.run(operation, rate: $0) } }
    )
  }

  /// One step for layers whose parameters lie one behind the other, without padding.
  static func denseUpdate(_ shapes: [DenseShape], step: Int, _ setting: CaseSetting)
    -> OperationCase
  {
    var (data, arena) = (setting.data, setting.arena)
    let count = shapes.map { ($0.inputs + 1) * $0.outputs }.reduce(0, +)
    func row(_ name: String, _ values: [Float]) -> Tensor {
      arena.input(name, rows: 1, columns: count, values)
    }
    let gradients = arena.output("g", rows: 1, columns: count)
    var end = gradients.offset
    func next(rows: Int, columns: Int) -> Tensor {
      defer { end += rows * columns }
      return Tensor(offset: end, rows: rows, columns: columns)
    }
    let layers = shapes.enumerated().map { index, shape in
      DenseParameterGradient(
        input: arena.input(
          "X\(index)", rows: shape.rows, columns: shape.inputs,
          data.matrix(rows: shape.rows, columns: shape.inputs, alternation: .alongColumns)),
        outputGradient: arena.input(
          "Δ\(index)", rows: shape.rows, columns: shape.outputs,
          data.matrix(rows: shape.rows, columns: shape.outputs)),
        weightGradient: next(rows: shape.inputs, columns: shape.outputs),
        biasGradient: next(rows: 1, columns: shape.outputs))
    }
    let adam = AdamUpdate(
      parameters: row("θ", data.matrix(rows: 1, columns: count)), gradients: gradients,
      firstMoment: row("m", data.matrix(rows: 1, columns: count)),
      secondMoment: row("v", data.matrix(rows: 1, columns: count).map(abs)),
      beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    let operation = DenseUpdate(gradients: layers, adam: adam)
    let rate = adam.rate(learningRate: 1e-3, step: step)
    return OperationCase(
      operation, variant: "step \(step)", kind: setting.kind, arena: arena,
      outputs: [adam.parameters, adam.firstMoment, adam.secondMoment], scratch: [gradients],
      run: { $0.run(operation, rate: rate) })
  }

  /// `steps` steps of gradient descent with momentum.
  static func momentum(count: Int, momentum: Float, steps: Int, _ setting: CaseSetting)
    -> OperationCase
  {
    var (data, arena) = (setting.data, setting.arena)
    func row(_ name: String) -> Tensor {
      arena.input(name, rows: 1, columns: count, data.matrix(rows: 1, columns: count))
    }
    let operation = MomentumUpdate(
      parameters: row("θ"), gradients: row("g"), velocity: row("v"), momentum: momentum)
    let learningRate: Float = 0.01
    return OperationCase(
      operation, variant: "μ \(momentum), \(steps) steps", kind: setting.kind, arena: arena,
      outputs: [operation.parameters, operation.velocity],
      run: { backend in
        for _ in 0..<steps { backend.run(operation, learningRate: learningRate) }
      }
    )
  }
}
