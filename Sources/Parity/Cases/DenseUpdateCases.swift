import Backend

extension OperationCase {
  /// One step for layers whose parameters lie behind each other with a gap between them, which is nobody's.
  ///
  /// - Parameter showingGradient: whether β₁ is 0, so that the first moment is the gradient itself and a
  ///   single layer's rounding shows in it.
  static func denseUpdate(
    _ shapes: [DenseShape], step: Int, weightDecay: Double = 0, showingGradient: Bool = false,
    _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let gap = 3
    let count = shapes.map { ($0.inputs + 1) * $0.outputs + gap }.reduce(0, +)
    let gradients = arena.output("g", rows: 1, columns: count)
    var end = gradients.offset
    let layers = shapes.enumerated().map { index, shape in
      let weights = Tensor(offset: end, rows: shape.inputs, columns: shape.outputs)
      let bias = Tensor(offset: end + weights.count, rows: 1, columns: shape.outputs)
      end += weights.count + bias.count + gap
      return DenseParameterGradient(
        input: arena.input(
          "X\(index)", rows: shape.rows, columns: shape.inputs,
          data.matrix(rows: shape.rows, columns: shape.inputs, alternation: .alongColumns)),
        outputGradient: arena.input(
          "Δ\(index)", rows: shape.rows, columns: shape.outputs,
          data.matrix(rows: shape.rows, columns: shape.outputs)),
        weightGradient: weights, biasGradient: bias)
    }
    func state(_ name: String, _ change: (Float) -> Float = { $0 }) -> Tensor {
      arena.input(
        name, rows: 1, columns: count, data.matrix(rows: 1, columns: count).map(change))
    }
    let operation = DenseUpdate(
      gradients: layers,
      adam: AdamUpdate(
        parameters: state("θ"), gradients: gradients, firstMoment: state("m"),
        secondMoment: state("v", abs), beta1: showingGradient ? 0 : 0.9, beta2: 0.999,
        epsilon: 1e-8))
    let rate = operation.adam.rate(
      learningRate: 1e-3, weightDecay: weightDecay, step: step)
    let parts = layers.enumerated().flatMap { index, layer in
      [("W\(index)", layer.weightGradient), ("b\(index)", layer.biasGradient)]
    }
    return OperationCase(
      operation,
      variant: "step \(step)" + (showingGradient ? ", β₁ 0" : "")
        + (weightDecay > 0 ? ", λ \(weightDecay)" : ""),
      kind: setting.kind, arena: arena, outputs: operation.results,
      names: parts.flatMap { part, _ in ["m of \(part)", "v of \(part)", part] },
      scratch: parts.map(\.1), showsProduct: showingGradient && shapes.count == 1,
      run: { $0.run(operation, rate: rate) })
  }
}
