import Backend

extension OperationCase {
  /// `ReconstructionLoss`, and its gradient where `gradient` says where to.
  static func reconstructionLoss(
    rows: Int, columns: Int, _ likelihood: Likelihood, _ setting: CaseSetting
  ) -> OperationCase {
    var arena = setting.arena
    let operation = loss(rows: rows, columns: columns, likelihood, setting, arena: &arena)
    return OperationCase(
      operation, kind: setting.kind, arena: arena, outputs: [operation.loss],
      run: { $0.run(operation) }
    )
  }

  /// Pixels of 0 and 1, each foreseen with a logit of 8 or more: what is left of the loss is e^−|a|.
  static func confidentReconstructionLoss(rows: Int, columns: Int, _ setting: CaseSetting)
    -> OperationCase
  {
    var (data, arena) = (setting.data, setting.arena)
    let logits = data.matrix(rows: rows, columns: columns).map { $0 < 0 ? $0 - 8 : $0 + 8 }
    let operation = ReconstructionLoss(
      logits: arena.input("logits", rows: rows, columns: columns, logits),
      target: arena.input(
        "target", rows: rows, columns: columns, logits.map { $0 < 0 ? 0 : 1 }),
      likelihood: .bernoulli, loss: arena.output("loss", rows: 1, columns: rows))
    return OperationCase(
      operation, variant: "confident", kind: setting.kind, arena: arena,
      outputs: [operation.loss], run: { $0.run(operation) })
  }

  static func reconstructionLossGradient(
    rows: Int, columns: Int, _ likelihood: Likelihood, inPlace: Bool, _ setting: CaseSetting
  ) -> OperationCase {
    var arena = setting.arena
    let loss = loss(rows: rows, columns: columns, likelihood, setting, arena: &arena)
    let operation = ReconstructionLossGradient(
      loss: loss, scale: 1 / Float(max(rows, 1)),
      gradient: inPlace
        ? loss.logits : arena.output("d logits", rows: rows, columns: loss.logits.columns))
    return OperationCase(
      operation, variant: inPlace ? "in place" : "", kind: setting.kind, arena: arena,
      outputs: [loss.loss, operation.gradient], run: { $0.run(operation) }
    )
  }

  static func sumRows(rows: Int, columns: Int, _ setting: CaseSetting) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let operation = SumRows(
      input: arena.input(
        "X", rows: rows, columns: columns,
        data.matrix(rows: rows, columns: columns, alternation: .alongRows)))
    let output = arena.output("sums", rows: 1, columns: rows)
    return OperationCase(
      operation, kind: setting.kind, arena: arena, outputs: [output],
      run: { $0.run(operation, output: output) }
    )
  }

  /// The gradient of a learned variance from a batch's losses.
  static func varianceGradient(rows: Int, pixels: Int, _ setting: CaseSetting) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let operation = VarianceGradient(
      loss: arena.input("loss", rows: 1, columns: rows, data.matrix(rows: 1, columns: rows)),
      parameter: arena.input("s", rows: 1, columns: 1, data.varianceParameters(count: 1)),
      pixels: pixels, scale: 1 / Float(max(rows, 1)),
      gradient: arena.output("ds", rows: 1, columns: 1))
    return OperationCase(
      operation, variant: "\(pixels) pixels", kind: setting.kind, arena: arena,
      outputs: [operation.gradient], run: { $0.run(operation) })
  }

  private static func loss(
    rows: Int, columns: Int, _ likelihood: Likelihood, _ setting: CaseSetting,
    arena: inout TestArena
  ) -> ReconstructionLoss {
    var data = setting.data
    let targets = data.pixels(count: rows * columns)
    var logits = data.logits(for: targets)
    if likelihood == .gaussianDiagonal {
      let parameters = data.varianceParameters(count: rows * columns)
      logits = (0..<rows).flatMap { row in
        let range = row * columns..<(row + 1) * columns
        return logits[range] + parameters[range]
      }
    }
    let perPixel = likelihood.outputsPerPixel
    return ReconstructionLoss(
      logits: arena.input("logits", rows: rows, columns: perPixel * columns, logits),
      target: arena.input("target", rows: rows, columns: columns, targets),
      likelihood: likelihood,
      variance: likelihood == .gaussianLearned
        ? .learned(arena.input("s", rows: 1, columns: 1, data.varianceParameters(count: 1)))
        : .given(likelihood == .gaussian ? 0.1 : 1),
      loss: arena.output("loss", rows: 1, columns: rows))
  }
}
