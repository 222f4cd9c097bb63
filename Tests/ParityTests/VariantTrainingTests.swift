import BLASBackend
import Backend
import OpenCLBackend
import Parity
import Testing
import VAE

/// Whole training steps of the models' and objectives' variants on the real backends: OpenCL on every
/// device.
@Suite struct VariantTrainingTests {
  @Test(arguments: TrainingVariant.all)
  func staysWithinAllBounds(variant: TrainingVariant) throws {
    let subject = variant.subject
    let devices = OpenCLScan.current().devices
    try #require(!devices.isEmpty, "\(OpenCLScan.current().failures)")
    let backends: [any Backend] =
      [BLASBackend()] + (try devices.map { try OpenCLBackend(device: $0.index) })
    let gradients = try checkGradients(subject, on: backends, samples: 4)
    #expect(gradients.count == (try variant.gradients()))
    for result in gradients {
      #expect(result.formulaIsRight && !result.backendsAreRight.contains(false), "\(result)")
    }
    for backend in backends {
      let results = try lockstep(subject, steps: 2, on: backend)
      #expect(results.flatMap(\.failures).isEmpty)
      let plain = try lockstep(TrainingVariant.plain.subject, steps: 1, on: backend)
      #expect(
        Set(results.map(\.operation)).symmetricDifference(plain.map(\.operation))
          == variant.difference)
      #expect(try checkDeterminism(subject, steps: 4, on: backend).passes)
    }
    for run in try freeRuns(subject, steps: 8, on: backends) { #expect(run.departure == nil) }
  }
}
