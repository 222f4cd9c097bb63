import BLASBackend
import Backend
import Foundation
import ReferenceBackend
import Testing
import VAE

/// AdamW, clipping and the schedules of the learning rate.
@Suite struct OptimizerTests {
  private func train(
    _ training: TrainingConfiguration, on backend: any Backend, epochs: Int = 2
  ) throws -> (trainer: Trainer, last: EpochAverages) {
    let images = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    let trainer = try Trainer(smallModel, training, on: backend, images: images)
    var last: EpochAverages?
    for _ in 0..<epochs { last = try trainer.trainEpoch() }
    return (trainer, try #require(last))
  }

  private func parameters(_ training: TrainingConfiguration, on backend: any Backend) throws
    -> [NamedArray]
  {
    try train(training, on: backend).trainer.model.parameters()
  }

  @Test func withoutDecayAdamWIsAdamBitForBit() throws {
    func parameters(_ optimizer: Optimizer) throws -> [NamedArray] {
      try self.parameters(
        TrainingConfiguration(batchSize: 8, optimizer: optimizer), on: BLASBackend())
    }
    #expect(try parameters(.adamW(weightDecay: 0)) == parameters(.adam()))
    #expect(try parameters(.adamW(weightDecay: 0.01)) != parameters(.adam()))
  }

  /// Where no gradient moves a parameter, the decay alone does: (1 − ηλ)ᵗ, biases too.
  @Test func decayIsOfEveryParameter() throws {
    let backend = ReferenceBackend()
    let training = TrainingConfiguration(
      epochs: 1, batchSize: 8, optimizer: .adamW(epsilon: 1e30, weightDecay: 5), learningRate: 0.1)
    let images = try backend.makePixelTable(smallImages(count: 8), columns: smallModel.pixels)
    let trainer = try Trainer(smallModel, training, on: backend, images: images)
    let before = try trainer.model.parameters().flatMap(\.values)
    for _ in 0..<3 { _ = try trainer.trainEpoch() }
    let after = try trainer.model.parameters().flatMap(\.values)
    for (start, end) in zip(before, after) { #expect(abs(end - start / 8) <= 1e-6 * abs(start)) }
  }

  @Test func clippedGradientsHaveTheLimitsNorm() throws {
    let backend = ReferenceBackend()
    let training = TrainingConfiguration(
      batchSize: 22, optimizer: .sgd(momentum: 0), clipNorm: 0.25)
    let (trainer, last) = try train(training, on: backend, epochs: 1)
    let arena = try #require(trainer.model.plan.training)
    let gradients = backend.values(of: arena.gradients.region)
    #expect(abs(gradients.reduce(0) { $0 + $1 * $1 }.squareRoot() - 0.25) < 1e-12)
    let norms = try #require(last.gradientNorms)
    #expect(norms.steps == 1 && norms.clipped == 1 && norms.mean > 0.25)

    // A limit that is not reached leaves the run as it is without one, and counts nothing.
    var loose = training
    loose.clipNorm = 1e6
    let (unclipped, epoch) = try train(loose, on: ReferenceBackend())
    #expect(epoch.gradientNorms?.clipped == 0)
    loose.clipNorm = nil
    let (free, freeEpoch) = try train(loose, on: ReferenceBackend())
    #expect(try unclipped.model.parameters() == free.model.parameters())
    #expect(freeEpoch.gradientNorms == nil)
  }

  private func rates(_ training: TrainingConfiguration, steps: Range<Int>) -> [Double] {
    steps.map { training.learningRate(step: $0, stepsPerEpoch: 4) }
  }

  private func agree(_ values: [Double], _ expected: [Double]) -> Bool {
    zip(values, expected).allSatisfy { abs($0 - $1) <= 1e-15 } && values.count == expected.count
  }

  @Test func schedulesFollowTheirFormulas() {
    var training = TrainingConfiguration(epochs: 3, learningRate: 0.8)
    #expect(rates(training, steps: 0..<12) == Array(repeating: 0.8, count: 12))
    #expect(!training.isScheduled)
    training.schedule = .step(epochs: 2, factor: 0.5)
    #expect(
      rates(training, steps: 0..<12) == Array(repeating: 0.8, count: 8) + [0.4, 0.4, 0.4, 0.4])
    training.schedule = .cosine(floor: 0.2)
    #expect(agree(rates(training, steps: 0..<1), [0.8]))
    #expect(agree(rates(training, steps: 6..<7), [0.5]), "half way")
    // A longer run has a higher rate at the same step.
    training.epochs = 6
    #expect(agree(rates(training, steps: 6..<7), [0.5 + 0.3 * 0.5.squareRoot()]))
    training.epochs = 3
    training.warmup = .epochs(count: 1)
    #expect(agree(rates(training, steps: 0..<5), [0.2, 0.4, 0.6, 0.8, 0.8]))
    #expect(agree(rates(training, steps: 8..<9), [0.5]), "half way from the warm-up's end")
    training.warmup = .steps(count: 2)
    training.schedule = nil
    #expect(agree(rates(training, steps: 0..<3), [0.4, 0.8, 0.8]))
  }

  @Test func warmupMustEndBeforeTheRun() throws {
    let training = TrainingConfiguration(epochs: 2, batchSize: 8, warmup: .steps(count: 6))
    #expect(
      throws: ConfigurationError.outOfRange(
        "warm-up", value: "6 steps", allowed: "shorter than the run's 6 steps")
    ) { try train(training, on: ReferenceBackend()) }
  }

  /// Settings written before there were any of these, and settings with all of them.
  @Test func settingsSurviveTheirFile() throws {
    let plain = TrainingConfiguration()
    let text = String(decoding: try JSON.encode(plain), as: UTF8.self)
    for key in ["schedule", "warmup", "clip_norm", "patience"] { #expect(!text.contains(key)) }
    for training in [
      plain,
      TrainingConfiguration(
        optimizer: .adamW(weightDecay: 0.1), schedule: .step(epochs: 2, factor: 0.5),
        warmup: .steps(count: 3), clipNorm: 2, patience: 4),
      TrainingConfiguration(schedule: .cosine(floor: 1e-5), warmup: .epochs(count: 1)),
    ] {
      #expect(
        try JSON.decode(TrainingConfiguration.self, from: JSON.encode(training)) == training)
    }
  }
}

/// Which epoch of a run is the best.
@Suite struct BestModelTests {
  private func best(_ losses: [Double]) -> BestModel? {
    BestModel(
      losses.enumerated().flatMap { index, loss in
        ["train", "test"].map { split in
          MetricsLine(
            epoch: index + 1, step: 0, split: split, loss: split == "test" ? loss : 0,
            reconstruction: 0, kl: 0, seconds: 0, imagesPerSecond: 0, backend: "", device: "")
        }
      })
  }

  @Test func isTheFirstOfTheLowestTestLosses() throws {
    #expect(best([]) == nil)
    let first = try #require(best([5]))
    #expect(first.epoch == 1 && first.isLatest && !first.exhausts(1))
    let third = try #require(best([5, 4, 3, 3, 6]))
    #expect(third.epoch == 3 && third.loss == 3 && third.epochsSince == 2 && !third.isLatest)
    #expect(third.exhausts(2) && !third.exhausts(3) && !third.exhausts(nil))
    #expect(third.notes == ["epoch": "3", "test_loss": "3.0"])
  }
}
