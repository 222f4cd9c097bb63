import Backend
import Datasets
import Parity
import Testing
import VAE

/// The reference follows a backend to the other side of ReLU's kink where rounding may have put it there, and
/// only there.
@Suite struct KinkFollowerTests {
  private static let subject = TrainingSubject(
    model: ModelConfiguration(encoder: [32], latent: 4, decoder: [24]),
    training: TrainingConfiguration(batchSize: 16),
    images: Digits.dataset(seed: 1, trainCount: 64, testCount: 1).train.pixels)

  /// The first unit at 0 of every hidden layer stands above it, by a share of the layer's largest output.
  private static func backend(by share: Double) -> FaultyBackend {
    Fault.in(Dense.name, "a unit across the kink", \.dense) { operation, base in
      base.run(operation)
      var values = base.values(of: operation.output)
      guard operation.activation == .relu, let index = values.firstIndex(of: 0),
        let largest = values.max()
      else { return }
      values[index] = share * largest
      base.set(operation.output, to: values)
    }.backend
  }

  @Test func unitsThatRoundingMovesAcrossAreFollowed() throws {
    let run = try freeRuns(Self.subject, steps: 6, on: [Self.backend(by: 1e-7)])[0]
    #expect(run.departure == nil)
    #expect(run.steps[0].crossings == 2, "one in the encoder, one in the decoder")
    for step in run.steps { #expect(step.parameterLimit < 1e-3) }
    for result in try checkGradients(Self.subject, on: [Self.backend(by: 1e-7)], samples: 2) {
      #expect(result.backendsAreRight == [true], "\(result)")
    }
  }

  @Test func unitsThatRoundingCannotHaveMovedAreNot() throws {
    let run = try freeRuns(Self.subject, steps: 6, on: [Self.backend(by: 1e-3)])[0]
    #expect(run.steps[0].crossings == 0)
    #expect(run.departure != nil)
    let gradients = try checkGradients(Self.subject, on: [Self.backend(by: 1e-3)], samples: 2)
    #expect(gradients.contains { $0.backendsAreRight == [false] })
  }

  /// Nothing crosses, and the reference that is held against is the one of all.
  @Test func aSoundRunSharesTheReference() throws {
    let runs = try freeRuns(Self.subject, steps: 3, on: [FaultyBackend(), FaultyBackend()])
    #expect(runs.flatMap(\.steps).allSatisfy { $0.crossings == 0 })
    #expect(runs[0].steps.map(\.referenceLoss) == runs[1].steps.map(\.referenceLoss))
  }
}
