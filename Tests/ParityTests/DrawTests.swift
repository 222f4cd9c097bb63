import BLASBackend
import Backend
import Datasets
import OpenCLBackend
import Parity
import Testing
import VAE

/// Training steps with several draws of z an image, on the real backends.
@Suite struct DrawTests {
  @Test(arguments: [Bound.evidence(samples: 3), .importanceWeighted(samples: 5)])
  func stepsStayInsideTheirBoundsAndRepeat(bound: Bound) throws {
    let subject = TrainingSubject(
      model: ModelConfiguration(encoder: [32], latent: 4, decoder: [24], activation: .tanh),
      training: TrainingConfiguration(batchSize: 8, bound: bound),
      images: Digits.dataset(seed: 1, trainCount: 32, testCount: 1).train.pixels)
    for backend in [BLASBackend(), try OpenCLBackend()] as [any Backend] {
      let results = try lockstep(subject, steps: 2, on: backend)
      #expect(results.flatMap(\.failures).isEmpty)
      let names = Set(results.map(\.tensor))
      #expect(names.isSuperset(of: ["draws' head", "draws' images", "draws' head gradient"]))
      #expect(
        names.contains("importance weights") == (bound == .importanceWeighted(samples: 5)))
      for result in results { #expect(result.distance < 1e-4, "\(result.tensor)") }
      #expect(try checkDeterminism(subject, steps: 4, on: backend).passes)
      for gradient in try checkGradients(subject, on: [backend]) {
        #expect(gradient.formulaIsRight && gradient.backendsAreRight == [true], "\(gradient)")
      }
    }
    for run in try freeRuns(subject, steps: 10, on: [BLASBackend(), OpenCLBackend()]) {
      #expect(run.departure == nil)
    }
  }
}
