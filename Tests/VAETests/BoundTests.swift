import BLASBackend
import Backend
import Testing
import VAE

/// What is measured where the importance-weighted bound is trained.
@Suite struct BoundTests {
  @Test func testLossIsOfTheTrainedBound() throws {
    let backend = BLASBackend(threads: 1)
    let images = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    let bound = Bound.importanceWeighted(samples: 6)
    let frozen = TrainingConfiguration(
      epochs: 1, batchSize: 8, optimizer: .sgd(momentum: 0), learningRate: 1e-300, bound: bound,
      seed: 4)
    let trainer = try Trainer(smallModel, frozen, on: backend, images: images)
    let training = try #require(try trainer.trainEpoch())
    let test = try trainer.model.evaluate(images, by: bound, seed: 9)
    let estimate = try trainer.model.logLikelihood(images, draws: 6, seed: 9)
    #expect(abs(test.loss - estimate.negativeLogLikelihood) < 1e-9)
    #expect(abs(test.loss - test.reconstruction - (try #require(test.kl))) < 1e-9)
    let evidence = try trainer.model.evaluate(images, seed: 9)
    #expect(try trainer.model.evaluate(images, by: nil, seed: 9) == evidence)
    #expect(evidence.activeUnits == test.activeUnits)
    #expect(evidence.klPerDimension == test.klPerDimension)
    // Six draws of 22 images: the two parts mean the same, whatever the draws.
    #expect(abs(test.loss - training.loss) < 0.05 * training.loss)
    #expect(abs(test.reconstruction - training.reconstruction) < 0.05 * training.reconstruction)
    #expect(test.loss < evidence.loss)
  }

  @Test func weightedMeanFollowsTheWeights() {
    var mean = LogMeanExponential()
    for (number, value) in [(-Double.infinity, 7.0), (-1000, 1), (-1000 + 2, 3), (-1001, 5)] {
      mean.add(number, weighing: value)
    }
    let (one, two, three) = (1.0, 7.38905609893065, 0.36787944117144233)
    let expected = (one + 3 * two + 5 * three) / (one + two + three)
    #expect(abs(mean.weightedMean - expected) < 1e-12)
  }

  @Test func bestIsOfTheLastLossesKind() {
    func line(_ epoch: Int, _ loss: Double, _ samples: Int?) -> MetricsLine {
      MetricsLine(
        epoch: epoch, step: epoch, split: "test", loss: loss, reconstruction: loss, kl: 0,
        seconds: 1, imagesPerSecond: 1, backend: "blas", device: "", importanceSamples: samples)
    }
    let best = BestModel([line(1, 90, nil), line(2, 100, 5), line(3, 99, 5), line(4, 101, 5)])
    #expect(best?.epoch == 3 && best?.epochsSince == 1)
  }
}
