import Backend
import Testing

/// Costs, counted by hand for M = 3 examples, K = 5 inputs, N = 7 outputs, L = 2 latent dimensions.
@Suite struct OperationCostTests {
  /// An operation, and its operations and its numbers moved, by hand.
  struct Expectation: Sendable, CustomTestStringConvertible {
    let operation: any Operation
    let operations: Int
    let bytes: Int
    var testDescription: String { operation.description }

    init(_ operation: any Operation, operations: Int, numbers: Int, bytes: Int = 0) {
      self.operation = operation
      self.operations = operations
      self.bytes = 4 * numbers + bytes
    }
  }

  private static func tensor(_ rows: Int, _ columns: Int) -> Tensor {
    Tensor(offset: 0, rows: rows, columns: columns)
  }

  private static let gradient = DenseParameterGradient(
    input: tensor(3, 5), outputGradient: tensor(3, 7), weightGradient: tensor(5, 7),
    biasGradient: Tensor(offset: 35, rows: 1, columns: 7))
  private static let adam = AdamUpdate(
    parameters: tensor(1, 42), gradients: tensor(1, 42), firstMoment: tensor(1, 42),
    secondMoment: tensor(1, 42), beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
  private static let loss = ReconstructionLoss(
    logits: tensor(3, 5), target: tensor(3, 5), likelihood: .bernoulli, loss: tensor(1, 3))
  private static let squaredError = ReconstructionLoss(
    logits: tensor(3, 5), target: tensor(3, 5), likelihood: .squaredError, loss: tensor(1, 3))
  private static let table = PixelTable(identifier: 0, rows: 9, columns: 5)

  private static func inputGradient(_ activation: Activation) -> DenseInputGradient {
    DenseInputGradient(
      outputGradient: tensor(3, 7), weights: tensor(5, 7), activation: activation,
      saved: tensor(3, 5), inputGradient: tensor(3, 5))
  }

  private static func draw(_ posterior: Posterior) -> Reparameterize {
    Reparameterize(head: tensor(3, 4), posterior: posterior, code: tensor(3, 2))
  }

  private static func drawGradient(_ posterior: Posterior) -> ReparameterizeGradient {
    ReparameterizeGradient(
      head: tensor(3, 4), posterior: posterior, codeGradient: tensor(3, 2),
      headGradient: tensor(3, 4))
  }

  private static func divergence(_ posterior: Posterior) -> KLDivergence {
    KLDivergence(head: tensor(3, 4), posterior: posterior, divergence: tensor(1, 3))
  }

  private static func corruption(_ kind: Corruption.Kind) -> Corruption {
    guard let corruption = Corruption(kind, 0.5) else { preconditionFailure("half is allowed") }
    return corruption
  }

  static let expectations = [
    Expectation(
      Dense(
        input: tensor(3, 5), weights: tensor(5, 7), bias: tensor(1, 7), activation: .relu,
        output: tensor(3, 7)), operations: 210, numbers: 15 + 35 + 7 + 21),
    Expectation(inputGradient(.identity), operations: 210, numbers: 21 + 35 + 15),
    Expectation(inputGradient(.relu), operations: 210, numbers: 21 + 35 + 15 + 15),
    Expectation(gradient, operations: 210, numbers: 15 + 21 + 35 + 7),
    Expectation(
      DenseUpdate(gradients: [gradient], adam: adam), operations: 210 + 13 * 42,
      numbers: 15 + 21 + 6 * 42),
    Expectation(
      DenseUpdate(gradients: [gradient, gradient], adam: adam), operations: 2 * (210 + 13 * 42),
      numbers: 2 * (15 + 21 + 6 * 42)),
    Expectation(adam, operations: 13 * 42, numbers: 7 * 42),
    Expectation(
      SumSquares(input: tensor(1, 5000), sums: tensor(1, 2)), operations: 2 * 5000,
      numbers: 5000 + 2),
    Expectation(ClipByNorm(tensor(1, 42), limit: 1), operations: 42, numbers: 2 * 42 + 1),
    Expectation(
      MomentumUpdate(
        parameters: tensor(1, 42), gradients: tensor(1, 42), velocity: tensor(1, 42),
        momentum: 0.9), operations: 4 * 42, numbers: 5 * 42),
    Expectation(
      Activate(input: tensor(3, 5), activation: .sigmoid, output: tensor(3, 5)), operations: 15,
      numbers: 30),
    Expectation(draw(.logVariance), operations: 8 * 6, numbers: 12 + 6),
    Expectation(draw(.sigma), operations: 6 * 6, numbers: 12 + 6),
    Expectation(drawGradient(.logVariance), operations: 16 * 6, numbers: 12 + 6 + 12),
    Expectation(drawGradient(.sigma), operations: 13 * 6, numbers: 12 + 6 + 12),
    Expectation(divergence(.logVariance), operations: 6 * 6, numbers: 12 + 3),
    Expectation(divergence(.sigma), operations: 9 * 6, numbers: 12 + 3),
    Expectation(loss, operations: 7 * 15, numbers: 15 + 15 + 3),
    Expectation(squaredError, operations: 6 * 15, numbers: 15 + 15 + 3),
    Expectation(
      ReconstructionLossGradient(loss: loss, scale: 1, gradient: tensor(3, 5)),
      operations: 11 * 15, numbers: 15 + 15 + 3 + 15),
    Expectation(
      ReconstructionLossGradient(loss: squaredError, scale: 1, gradient: tensor(3, 5)),
      operations: 11 * 15, numbers: 15 + 15 + 3 + 15),
    Expectation(
      ReconstructionLoss(
        logits: tensor(3, 10), target: tensor(3, 5), likelihood: .gaussianDiagonal,
        loss: tensor(1, 3)), operations: 15 * 15 + 2 * 3, numbers: 30 + 15 + 3),
    Expectation(
      ReconstructionLossGradient(
        loss: ReconstructionLoss(
          logits: tensor(3, 5), target: tensor(3, 5), likelihood: .gaussianLearned,
          variance: .learned(tensor(1, 1)), loss: tensor(1, 3)), scale: 1,
        gradient: tensor(3, 5)),
      operations: 11 * 15 + 2 * 3, numbers: 15 + 15 + 3 + 1 + 15),
    Expectation(
      VarianceGradient(
        loss: tensor(1, 3), parameter: tensor(1, 1), pixels: 5, scale: 1, gradient: tensor(1, 1)),
      operations: 2 * 3 + 10, numbers: 3 + 2),
    Expectation(
      LatentDivergence(head: tensor(3, 4), posterior: .sigma, divergence: tensor(1, 2)),
      operations: 9 * 6 + 2, numbers: 12 + 2),
    Expectation(
      FreeBitsGradient(
        head: tensor(3, 4), posterior: .logVariance, divergence: tensor(1, 2), minimum: 1,
        headGradient: tensor(3, 4)), operations: 7 * 6, numbers: 12 + 2 + 12 + 12),
    Expectation(
      Binarize(images: tensor(3, 5), order: nil), operations: 2 * 15, numbers: 15 + 15),
    Expectation(SumRows(input: tensor(3, 5)), operations: 15, numbers: 15 + 3),
    Expectation(
      Gather(pixels: table, order: nil, output: tensor(3, 5)), operations: 15, numbers: 15,
      bytes: 15),
    Expectation(
      Gather(pixels: table, order: IndexTable(identifier: 0, count: 9), output: tensor(3, 5)),
      operations: 15, numbers: 15 + 3, bytes: 15),
    Expectation(
      CopyColumns(
        Tensor(offset: 0, rows: 3, columns: 5), columns: 1..<3,
        to: Tensor(offset: 15, rows: 3, columns: 7), at: 4), operations: 0, numbers: 12),
    Expectation(
      Corrupt(
        corruption: corruption(.gaussian), order: nil, input: tensor(3, 5), output: tensor(3, 5)),
      operations: 6 * 15, numbers: 30),
    Expectation(
      Corrupt(
        corruption: corruption(.mask), order: IndexTable(identifier: 0, count: 9),
        input: tensor(3, 5), output: tensor(3, 5)), operations: 15, numbers: 30 + 3),
    Expectation(
      RandomFill(distribution: .normal, output: tensor(3, 5)), operations: 60, numbers: 15),
    Expectation(
      RandomFill(distribution: .uniform, output: tensor(3, 5)), operations: 15, numbers: 15),
    Expectation(
      RandomFill(distribution: .words, output: tensor(3, 5)), operations: 0, numbers: 15),
  ]

  @Test(arguments: expectations)
  func costIsAsCountedByHand(expected: Expectation) {
    #expect(
      expected.operation.cost
        == OperationCost(operations: expected.operations, bytes: expected.bytes))
  }

  /// Fusing saves the gradients' way to memory and back, and no arithmetic.
  @Test func fusedUpdateSavesTheGradientsTraffic() {
    let fused = DenseUpdate(gradients: [Self.gradient], adam: Self.adam).cost
    let apart = Self.gradient.cost + Self.adam.cost
    #expect(fused.operations == apart.operations)
    #expect(fused.bytes == apart.bytes - 4 * 2 * 42)
  }
}
