import Backend
import Datasets
import Parity
import ReferenceBackend
import Testing
import VAE

/// The reference follows a backend to the other side of ReLU's kink where rounding may have put it there, and
/// only there.
@Suite struct KinkFollowerTests {
  private static let dense = ModelConfiguration(encoder: [32], latent: 4, decoder: [24])
  private static let convolutional = ModelConfiguration(
    convolutions: [ConvolutionalLayer(channels: 4)], encoder: [32], latent: 4, decoder: [24])

  /// In `model` the second unit of the first layer has an argument of −`depth`, whatever the image; what reads it
  /// does not change for it where `isSilent`.
  private static func subject(
    _ model: ModelConfiguration, depth: Float? = nil, isSilent: Bool = false
  ) throws -> TrainingSubject {
    let initial = try VariationalAutoencoder(model, on: ReferenceBackend())
    initial.initialize(.kaimingUniform, seed: 1)
    let parameters = try initial.parameters().map { array in
      guard let depth else { return array }
      var values = array.values
      let inputs = array.values.count / array.shape[0]
      switch array.name {
      case "encoder.0.weight":
        for index in inputs..<2 * inputs { values[index] = 0 }
      case "encoder.0.bias":
        values[1] = -depth
      case "mean.weight" where isSilent, "log_variance.weight" where isSilent:
        for row in 0..<array.shape[0] { values[row * inputs + 1] = 0 }
      default: break
      }
      return NamedArray(name: array.name, shape: array.shape, values: values)
    }
    return TrainingSubject(
      model: model,
      training: TrainingConfiguration(
        batchSize: 16, optimizer: .adamW(weightDecay: 0.1), warmup: .steps(count: 3), clipNorm: 5),
      images: Digits.dataset(seed: 1, trainCount: 64, testCount: 1).train.pixels,
      parameters: parameters)
  }

  /// A backend on which step `step` has that unit, of its first image, at `value`.
  private static func backend(_ value: Double, step: Int = 0) -> FaultyBackend {
    var calls = 0
    return FaultyBackend { call, base in
      call.perform(on: base)
      let output: Tensor? =
        switch call {
        case .convolution(let operation):
          if case .activation = operation.epilogue { operation.output } else { nil }
        case .dense(let operation) where operation.input.columns == 784: operation.output
        default: nil
        }
      guard let output else { return }
      if calls == step {
        var values = base.values(of: output)
        values[1] = value
        base.set(output, to: values)
      }
      calls += 1
    }
  }

  @Test(arguments: [dense, convolutional])
  func aUnitThatRoundingMovesAcrossIsFollowed(model: ModelConfiguration) throws {
    let subject = try Self.subject(model, depth: 1e-9)
    let run = try freeRuns(subject, steps: 6, on: [Self.backend(1e-9)])[0]
    #expect(run.departure == nil)
    #expect(run.steps.map(\.crossings) == [1, 0, 0, 0, 0, 0])
    for step in run.steps { #expect(step.parameterLimit < 1e-2) }
    for result in try checkGradients(subject, on: [Self.backend(1e-9)], samples: 2) {
      #expect(result.backendsAreRight == [true], "\(result)")
    }
  }

  /// Two steps in lockstep come before those that are free.
  @Test func theVerdictSaysHowOften() throws {
    let plan = ComparisonPlan(
      subject: try Self.subject(Self.dense, depth: 1e-30, isSilent: true), sections: [.trajectory],
      steps: 3)
    func text(_ backend: any Backend) throws -> String {
      let comparison = try compare([Candidate(name: "it", backend: backend)], plan)
      #expect(comparison.passes)
      return comparison.verdicts[0].text
    }
    #expect(try text(Self.backend(1e-30, step: 3)).contains("followed across ReLU's kink once"))
    #expect(try !text(FaultyBackend()).contains("followed"))
  }

  /// As little as it is, its argument in `Double` is far below 0.
  @Test(arguments: [dense, convolutional])
  func aUnitThatRoundingCannotHaveMovedIsNot(model: ModelConfiguration) throws {
    let subject = try Self.subject(model, depth: 0.25)
    let run = try freeRuns(subject, steps: 6, on: [Self.backend(1e-9)])[0]
    #expect(run.steps.allSatisfy { $0.crossings == 0 })
    #expect(run.departure != nil)
    let gradients = try checkGradients(subject, on: [Self.backend(1e-9)], samples: 2)
    #expect(gradients.contains { $0.backendsAreRight == [false] })
  }

  /// A ReLU that lets nothing come to 0 has no value that is not within rounding of it.
  @Test func aFaultInEveryUnitIsNotFollowed() throws {
    let subject = try Self.subject(Self.dense)
    func faulty() -> FaultyBackend {
      FaultyBackend { call, base in
        call.perform(on: base)
        guard case .dense(let operation) = call, operation.activation == .relu else { return }
        base.set(operation.output, to: base.values(of: operation.output).map { max($0, 1e-7) })
      }
    }
    #expect(try freeRuns(subject, steps: 2, on: [faulty()])[0].departure != nil)
    let gradients = try checkGradients(subject, on: [faulty()], samples: 2)
    #expect(gradients.contains { $0.backendsAreRight == [false] })
  }

  /// What follows from the middle of a run on takes the very steps that are shared, where the unit that it follows
  /// has no effect.
  @Test func theRunThatFollowsGoesOnFromTheSharedOne() throws {
    let subject = try Self.subject(Self.dense, depth: 1e-30, isSilent: true)
    let runs = try freeRuns(
      subject, steps: 8, on: [FaultyBackend(), Self.backend(1e-30, step: 4)])
    #expect(runs[0].steps.allSatisfy { $0.crossings == 0 })
    #expect(runs[1].steps.map(\.crossings) == [0, 0, 0, 0, 1, 0, 0, 0])
    #expect(runs[0].steps.map(\.referenceLoss) == runs[1].steps.map(\.referenceLoss))
  }
}
