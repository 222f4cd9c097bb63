import Backend

extension OperationCase {
  static func sumSquares(count: Int, _ setting: CaseSetting) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let operation = SumSquares(
      input: arena.input("X", rows: 1, columns: count, data.matrix(rows: 1, columns: count)),
      sums: arena.output("s", rows: 1, columns: SumSquares.blocks(of: count)))
    return OperationCase(
      operation, kind: setting.kind, arena: arena, outputs: [operation.sums],
      run: { $0.run(operation) })
  }

  /// Clipping to a norm of 2 of a tensor that is said to have the norm √`squaredNorm`.
  static func clipByNorm(count: Int, squaredNorm: Float, _ setting: CaseSetting) -> OperationCase {
    var (data, arena) = (setting.data, setting.arena)
    let operation = ClipByNorm(
      arena.input("X", rows: 1, columns: count, data.matrix(rows: 1, columns: count)), limit: 2)
    let norm = arena.input("‖X‖²", rows: 1, columns: 1, [squaredNorm])
    return OperationCase(
      operation, variant: "‖X‖² \(squaredNorm)", kind: setting.kind, arena: arena,
      outputs: [operation.tensor], run: { $0.run(operation, squaredNorm: norm) })
  }
}
