import Backend

extension OperationCase {
  /// - Parameter nearPrior: whether μ and γ, or σ − 1, are about 10⁻³.
  static func sampledDivergence(
    rows: Int, latent: Int, _ posterior: Posterior, noise: Noise, nearPrior: Bool = false,
    _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let head = head(
      rows: rows, latent: latent, posterior, nearPrior: nearPrior, data: &data, arena: &arena)
    let operation = SampledDivergence(
      head: head, posterior: posterior,
      divergence: arena.output("divergence", rows: 1, columns: rows))
    return OperationCase(
      operation,
      variant: "\(posterior.rawValue), \(text(noise))" + (nearPrior ? ", near the prior" : ""),
      kind: setting.kind, arena: arena, outputs: [operation.divergence],
      run: { $0.run(operation, noise: noise) })
  }

  static func sampledDivergenceGradient(
    rows: Int, latent: Int, _ posterior: Posterior, noise: Noise, _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let head = head(rows: rows, latent: latent, posterior, data: &data, arena: &arena)
    let operation = SampledDivergenceGradient(
      head: head, posterior: posterior,
      codeGradient: arena.input(
        "dz", rows: rows, columns: latent, data.matrix(rows: rows, columns: latent)),
      weights: arena.input("w", rows: 1, columns: rows, data.pixels(count: rows)),
      headGradient: arena.output("d head", rows: rows, columns: 2 * latent))
    return OperationCase(
      operation, variant: "\(posterior.rawValue), \(text(noise))", kind: setting.kind,
      arena: arena, outputs: [operation.headGradient], run: { $0.run(operation, noise: noise) })
  }

  static func importanceWeights(examples: Int, draws: Int, _ setting: CaseSetting)
    -> OperationCase
  {
    var (data, arena) = (setting.data, setting.arena)
    let count = examples * draws
    func losses(_ name: String) -> Tensor {
      arena.input(name, rows: 1, columns: count, data.matrix(rows: 1, columns: count))
    }
    let operation = ImportanceWeights(
      reconstruction: losses("r"), divergence: losses("d"), scale: 1 / Float(examples),
      weights: arena.output("weights", rows: 1, columns: count),
      losses: arena.output("losses", rows: 2, columns: examples))
    return OperationCase(
      operation, kind: setting.kind, arena: arena,
      outputs: [operation.weights, operation.losses], run: { $0.run(operation) })
  }

  static func repeatRows(rows: Int, columns: Int, count: Int, _ setting: CaseSetting)
    -> OperationCase
  {
    var (data, arena) = (setting.data, setting.arena)
    let operation = RepeatRows(
      input: arena.input(
        "X", rows: rows, columns: columns, data.matrix(rows: rows, columns: columns)),
      output: arena.output("Y", rows: rows * count, columns: columns))
    return OperationCase(
      operation, kind: setting.kind, arena: arena, outputs: [operation.output],
      run: { $0.run(operation) })
  }

  static func sumRowGroups(
    rows: Int, columns: Int, count: Int, scale: Float, _ setting: CaseSetting
  ) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let values = data.matrix(rows: rows * count, columns: columns, alternation: .alongColumns)
    let operation = SumRowGroups(
      input: arena.input("X", rows: rows * count, columns: columns, values), scale: scale,
      output: arena.output("Y", rows: rows, columns: columns))
    return OperationCase(
      operation, variant: "scale \(scale)", kind: setting.kind, arena: arena,
      outputs: [operation.output], run: { $0.run(operation) })
  }

  static func scaleRows(rows: Int, columns: Int, inPlace: Bool, _ setting: CaseSetting)
    -> OperationCase
  {
    var (data, arena) = (setting.data, setting.arena)
    let input = arena.input(
      "X", rows: rows, columns: columns, data.matrix(rows: rows, columns: columns))
    let operation = ScaleRows(
      input: input,
      scales: arena.input("a", rows: 1, columns: rows, data.pixels(count: rows)),
      output: inPlace ? input : arena.output("Y", rows: rows, columns: columns))
    return OperationCase(
      operation, variant: inPlace ? "in place" : "", kind: setting.kind, arena: arena,
      outputs: [operation.output], run: { $0.run(operation) })
  }
}
