import BLASBackend
import Backend
import Datasets
import OpenCLBackend
import Parity
import Testing
import VAE

/// Whole training steps of a small model: the real backends, OpenCL on every device, stay inside, a
/// faulty one does not.
@Suite struct TrainingTests {
  private static let subject = TrainingSubject(
    model: ModelConfiguration(encoder: [32], latent: 4, decoder: [24], activation: .tanh),
    training: TrainingConfiguration(batchSize: 16),
    images: Digits.dataset(seed: 1, trainCount: 64, testCount: 1).train.pixels)

  private static func backends() throws -> [any Backend] {
    let devices = OpenCLScan.current().devices
    try #require(!devices.isEmpty, "\(OpenCLScan.current().failures)")
    return [BLASBackend()] + (try devices.map { try OpenCLBackend(device: $0.index) })
  }

  @Test func lockstepHoldsEveryOperationOfAStep() throws {
    for backend in try Self.backends() {
      let results = try lockstep(Self.subject, steps: 3, on: backend)
      #expect(results.flatMap(\.failures).isEmpty)
      #expect(Set(results.map(\.step)) == [0, 1, 2])
      let names = Set(results.map(\.tensor))
      #expect(
        names.isSuperset(of: ["code", "kl", "gradient below head", "head.weight parameters"]))
      for result in results { #expect(result.distance < 1e-4, "\(result.tensor)") }
    }
  }

  /// Weight decay, a clip that acts, and a rate that changes from step to step.
  @Test func lockstepHoldsAClippedStepWithWeightDecay() throws {
    var subject = Self.subject
    subject.training.optimizer = .adamW(weightDecay: 0.1)
    subject.training.clipNorm = 0.5
    subject.training.warmup = .steps(count: 2)
    for backend in try Self.backends() {
      let results = try lockstep(subject, steps: 3, on: backend)
      #expect(results.flatMap(\.failures).isEmpty)
      let operations = Set(results.map(\.operation))
      #expect(operations.isSuperset(of: [SumSquares.name, ClipByNorm.name, AdamUpdate.name]))
      #expect(try checkDeterminism(subject, steps: 4, on: backend).passes)
    }
    // The gradients that are held against slopes are those before the clip.
    let gradients = try checkGradients(subject, on: try Self.backends())
    for result in gradients {
      #expect(result.formulaIsRight && !result.backendsAreRight.contains(false), "\(result)")
    }
  }

  @Test func lockstepNamesTheFirstOperationAtFault() throws {
    let fault = Fault.in(DenseInputGradient.name, "off by a hundredth", \.inputGradient) {
      operation, base in
      base.run(operation)
      let gradient = base.values(of: operation.inputGradient)
      base.set(operation.inputGradient, to: gradient.map { 1.01 * $0 })
    }
    let results = try lockstep(Self.subject, steps: 1, on: fault.backend)
    let first = try #require(results.first { !$0.failures.isEmpty })
    #expect(first.operation == DenseInputGradient.name)
    #expect(first.tensor == "gradient below output")
  }

  @Test(arguments: Posterior.allCases)
  func gradientsAreSlopesAndBackendsFollowThem(posterior: Posterior) throws {
    var model = Self.subject.model
    model.posterior = posterior
    let subject = TrainingSubject(
      model: model, training: Self.subject.training, images: Self.subject.images)
    let results = try checkGradients(subject, on: try Self.backends())
    #expect(results.count == 8)
    for result in results {
      #expect(result.formulaIsRight && !result.backendsAreRight.contains(false), "\(result)")
    }
  }

  @Test func freeRunsStayInsideTheEnvelope() throws {
    for run in try freeRuns(Self.subject, steps: 30, on: try Self.backends()) {
      #expect(run.steps.count == 30)
      #expect(run.departure == nil)
      #expect(run.steps[29].loss < run.steps[0].loss)
    }
  }
}
