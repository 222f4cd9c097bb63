import Backend
import Testing

@Suite struct ImportanceCostTests {
  /// M = 3 examples, L = 2 latent dimensions, counted by hand as in `OperationCostTests`.
  @Test func costs() {
    func tensor(_ rows: Int, _ columns: Int) -> Tensor {
      Tensor(offset: 0, rows: rows, columns: columns)
    }
    func expect(_ operation: any Operation, operations: Int, numbers: Int) {
      #expect(
        operation.cost == OperationCost(operations: operations, bytes: 4 * numbers),
        "\(operation)")
    }
    for (posterior, forward, back) in [(Posterior.logVariance, 14, 13), (.sigma, 17, 14)] {
      expect(
        SampledDivergence(head: tensor(3, 4), posterior: posterior, divergence: tensor(1, 3)),
        operations: forward * 6, numbers: 12 + 3)
      expect(
        SampledDivergenceGradient(
          head: tensor(3, 4), posterior: posterior, codeGradient: tensor(3, 2),
          weights: tensor(1, 3), headGradient: tensor(3, 4)),
        operations: back * 6, numbers: 12 + 6 + 3 + 12)
    }
    expect(
      ImportanceWeights(
        reconstruction: tensor(1, 6), divergence: tensor(1, 6), scale: 1, weights: tensor(1, 6),
        losses: tensor(2, 3)), operations: 48, numbers: 18 + 6)
    expect(RepeatRows(input: tensor(3, 5), output: tensor(6, 5)), operations: 0, numbers: 45)
    expect(
      SumRowGroups(input: tensor(6, 5), output: tensor(3, 5)), operations: 45, numbers: 45)
    expect(
      ScaleRows(input: tensor(3, 5), scales: tensor(1, 3), output: tensor(3, 5)),
      operations: 15, numbers: 33)
  }
}
