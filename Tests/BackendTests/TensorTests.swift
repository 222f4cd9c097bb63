import Backend
import Testing

@Suite struct TensorTests {
  @Test func rowsShareStorage() {
    let tensor = Tensor(offset: 100, rows: 8, columns: 3)
    let rows = tensor[rows: 2..<5]
    #expect(rows == Tensor(offset: 106, rows: 3, columns: 3))
    #expect(rows[rows: 1..<2].range == 109..<112)
    #expect(tensor[rows: 8..<8].count == 0)
    #expect("\(tensor)" == "8×3")
  }

  @Test func planAlignsAndDoesNotOverlap() {
    var plan = ArenaPlan()
    let shapes = [(1, 1), (7, 9), (0, 5), (8, 8), (3, 43)]
    let tensors = shapes.map { plan.tensor(rows: $0.0, columns: $0.1) }
    for (tensor, next) in zip(tensors, tensors.dropFirst()) {
      #expect(tensor.range.upperBound <= next.offset)
    }
    #expect(tensors.map(\.offset) == [0, 64, 128, 128, 192])
    #expect(plan.elements == 192 + 192)
    #expect(tensors.allSatisfy { $0.range.upperBound <= plan.elements })
  }

  @Test func codesCountTheCases() {
    #expect(Activation.allCases.map(\.code) == [0, 1, 2, 3, 4, 5, 6])
    #expect(Likelihood.squaredError.code == 1)
    #expect(Posterior(rawValue: "log-variance") == .logVariance)
  }

  @Test func errorsNameThingValueAndRemedy() {
    let error = BackendError.outOfMemory(
      device: "Tiny", purpose: "the data set", requested: 3 << 20, available: 1)
    #expect("\(error)".hasPrefix("the data set needs 3 MB on Tiny, which has 1 MB for it: use"))
    let failure = BackendError.operationFailed(operation: "dense 1×2", device: "D", reason: "why")
    #expect("\(failure)" == "dense 1×2 failed on D: why")
  }
}
