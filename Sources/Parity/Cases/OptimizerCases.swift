import Backend

extension OperationCase {
  /// `steps` steps of Adam from zero or given moments; the bound follows the state through all of
  /// them.
  static func adam(count: Int, steps: Int, weightDecay: Double = 0, _ setting: CaseSetting)
    -> OperationCase
  {
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
    let rates = (1...steps).map {
      operation.rate(learningRate: 1e-3, weightDecay: weightDecay, step: $0)
    }
    return OperationCase(
      operation, variant: "\(steps) steps" + (weightDecay > 0 ? ", λ \(weightDecay)" : ""),
      kind: setting.kind, arena: arena,
      outputs: [operation.parameters, operation.firstMoment, operation.secondMoment],
      run: { backend in rates.forEach { backend.run(operation, rate: $0) } }
    )
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
