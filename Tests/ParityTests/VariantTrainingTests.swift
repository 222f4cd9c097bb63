import BLASBackend
import Backend
import Datasets
import OpenCLBackend
import Parity
import Testing
import VAE

/// Training steps of the model's variants on the real backends.
@Suite struct VariantTrainingTests {
  static let subjects = [
    (EncoderForm.joint, 10), (.separate, nil), (.separate, 10), (.deterministic, nil),
    (.deterministic, 10),
  ].map { (form: EncoderForm, classes: Int?) in
    let digits = Digits.dataset(seed: 1, trainCount: 64, testCount: 1).train
    return TrainingSubject(
      model: ModelConfiguration(
        encoder: [32], latent: 4, decoder: [24], activation: .tanh, encoderForm: form,
        classes: classes),
      training: TrainingConfiguration(batchSize: 16), images: digits.pixels, labels: digits.labels)
  }

  @Test(arguments: subjects)
  func staysWithinAllBounds(subject: TrainingSubject) throws {
    let devices = OpenCLScan.current().devices
    try #require(!devices.isEmpty, "\(OpenCLScan.current().failures)")
    let backends: [any Backend] =
      [BLASBackend()] + (try devices.map { try OpenCLBackend(device: $0.index) })
    let layers = subject.model.encoderForm == .separate ? 6 : 4
    let gradients = try checkGradients(subject, on: backends, samples: 4)
    #expect(gradients.count == 2 * layers)
    for result in gradients {
      #expect(result.formulaIsRight && !result.backendsAreRight.contains(false), "\(result)")
    }
    for backend in backends {
      let results = try lockstep(subject, steps: 2, on: backend)
      #expect(results.flatMap(\.failures).isEmpty)
      let copies = results.contains { $0.operation == CopyColumns.name }
      #expect(copies == (subject.model.classes != nil || subject.model.encoderForm == .separate))
      let hasDivergence = results.contains { $0.operation == KLDivergence.name }
      #expect(hasDivergence == (subject.model.encoderForm != .deterministic))
      #expect(try checkDeterminism(subject, steps: 4, on: backend).passes)
    }
    for run in try freeRuns(subject, steps: 8, on: backends) { #expect(run.departure == nil) }
  }
}
