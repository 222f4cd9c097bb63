import BLASBackend
import Backend
import Datasets
import Parity
import ReferenceBackend
import Testing
import VAE

/// What a comparison makes of backends that give up, repeat badly or compute nonsense.
@Suite struct ComparisonTests {
  private static let subject = TrainingSubject(
    model: ModelConfiguration(encoder: [8], latent: 2, decoder: [8]),
    training: TrainingConfiguration(batchSize: 8),
    images: Digits.dataset(seed: 1, trainCount: 16, testCount: 1).train.pixels)

  private static func compare(
    _ backend: any Backend, _ section: ComparisonSection,
    variants: [(name: String, backend: any Backend)] = []
  ) throws -> Comparison {
    let plan = ComparisonPlan(subject: subject, sections: [section], steps: 3, extent: .small)
    return try Parity.compare(
      [
        Candidate(name: "sound", backend: FaultyBackend()),
        Candidate(name: "other", backend: backend, variants: variants),
      ], plan)
  }

  private static let nonsense = Fault.in(KLDivergence.name, "NaN", \.divergence) {
    operation, base in
    base.run(operation)
    base.round(operation.divergence) { _ in .nan }
  }

  @Test func differenceToNaNIsInfinite() throws {
    let comparison = try Self.compare(Self.nonsense.backend, .operations)
    #expect(!comparison.passes)
    let pairs = comparison.pairs.filter { !$0.isIdentical }
    #expect(pairs.map(\.operation) == [KLDivergence.name])
    #expect(pairs.first?.largestUlps == .infinity)
  }

  @Test func backendThatGivesUpFailsItsSectionWithItsError() throws {
    final class Full: FaultyBackend {
      override func allocate(elements: Int) throws {
        throw BackendError.outOfMemory(
          device: "none", purpose: "The model", requested: elements, available: 0)
      }
    }
    for section in ComparisonSection.allCases {
      let comparison = try Self.compare(Full(), section)
      #expect(!comparison.passes)
      #expect(comparison.verdicts[0].text.contains("The model needs"), "\(section)")
    }
    // Not the same bits where there are none.
    let pairs = try Self.compare(Full(), .operations).pairs
    #expect(!pairs.isEmpty && pairs.allSatisfy { !$0.isIdentical && $0.largestUlps == nil })
  }

  @Test func variantsThatDifferAreSaidToAndWhere() throws {
    let nudged = FaultyBackend { call, base in
      call.perform(on: base)
      if case .reparameterize(let operation, let noise) = call, noise?.step == 1 {
        base.round(operation.code) { Double(Float($0).nextUp) }
      }
    }
    let comparison = try Self.compare(
      FaultyBackend(), .determinism, variants: [("a nudge", nudged), ("no nudge", FaultyBackend())])
    #expect(comparison.passes, "a variant is reported, not judged")
    let variants = comparison.determinism[1].variants
    let divergence = try #require(variants[0].divergence)
    #expect(divergence.step == 1 && divergence.tensor == "code")
    #expect(divergence.operation == Reparameterize.name)
    #expect(variants[1].divergence == nil && variants[1].hash == comparison.determinism[1].hash)
    let text = comparison.verdicts[0].text
    #expect(text.contains("a nudge: other bits from code of step 1"), "\(text)")
    #expect(text.contains("no nudge: the same bits"), "\(text)")
  }

  @Test func runThatDoesNotRepeatFailsAndSaysWhere() throws {
    var calls = 0
    let unsteady = FaultyBackend { call, base in
      call.perform(on: base)
      guard case .denseUpdate(let operation, _) = call else { return }
      calls += 1
      base.round(operation.adam.parameters) { $0 * (1 + 1e-6 * Double(calls)) }
    }
    let comparison = try Self.compare(unsteady, .determinism)
    #expect(!comparison.passes)
    #expect(
      comparison.verdicts[0].text.contains(
        "first in output.weight parameters of step 0 (dense update)"))
  }

  /// Its numbers are wider than what is saved.
  @Test func referenceIsNotResumed() throws {
    let comparison = try Self.compare(ReferenceBackend(), .determinism)
    #expect(comparison.passes && comparison.determinism[1].hashResumed == nil)
    #expect(comparison.determinism[0].hashResumed != nil)
  }

  @Test func weightsOfARunAreWhatItBeginsWith() throws {
    let model = try VariationalAutoencoder(Self.subject.model, on: BLASBackend())
    model.initialize(.glorotUniform, seed: 99)
    let parameters = try model.parameters()
    func firstLoss(_ initialization: Initialization, _ parameters: [NamedArray]?) throws -> Double {
      var training = Self.subject.training
      training.initialization = initialization
      let subject = TrainingSubject(
        model: Self.subject.model, training: training, images: Self.subject.images,
        parameters: parameters)
      return try freeRuns(subject, steps: 1, on: [BLASBackend()])[0].steps[0].referenceLoss
    }
    let given = try firstLoss(.kaimingUniform, parameters)
    #expect(try firstLoss(.glorotUniform, parameters) == given, "no draw enters")
    #expect(try firstLoss(.kaimingUniform, nil) != given)
  }

  @Test func modelsOwnShapesAreTried() {
    func cases(_ subject: TrainingSubject?) -> [CaseResult] {
      checkBackend(BLASBackend(), subject: subject, operations: [Dense.name]).cases
    }
    let own = cases(Self.subject).dropFirst(cases(nil).count)
    #expect(own.count == 4)
    for (result, outputs) in zip(own, [8, 4, 8, 784]) {
      #expect(result.failures.isEmpty)
      #expect(result.outputs[0].rows == 8 && result.outputs[0].columns == outputs)
    }
    let updates = checkBackend(
      BLASBackend(), subject: Self.subject, operations: [DenseUpdate.name])
    #expect(updates.cases.last?.outputs.count == 4 * 2 * 3, "every layer's in one")
  }
}
