import BLASBackend
import Backend
import Foundation
import TestSupport
import Testing
import VAE

/// β's schedule, free bits, binarization and the Gaussian likelihoods in training.
@Suite struct ObjectiveTests {
  @Test func warmUpRisesToBetaAndStays() {
    let training = TrainingConfiguration(
      epochs: 5, beta: 4, betaSchedule: BetaSchedule(warmup: 2))
    let betas = (0..<20).map { training.beta(step: $0, stepsPerEpoch: 4) }
    #expect(betas.prefix(9) == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4])
    #expect(betas.dropFirst(8).allSatisfy { $0 == 4 })
    #expect(TrainingConfiguration(beta: 4).beta(step: 0, stepsPerEpoch: 4) == 4)
  }

  @Test func cyclesBeginAgainAndEnd() {
    let schedule = BetaSchedule(warmup: 1, cycles: 3)
    let shares = (0..<16).map { schedule.share(step: $0, stepsPerEpoch: 2) }
    #expect(shares == [0, 0.5, 1, 1, 0, 0.5, 1, 1, 0, 0.5, 1, 1, 1, 1, 1, 1])
  }

  @Test(arguments: [
    TrainingConfiguration(epochs: 3, betaSchedule: BetaSchedule(warmup: 3)),
    TrainingConfiguration(epochs: 9, betaSchedule: BetaSchedule(warmup: 2, cycles: 3)),
    TrainingConfiguration(epochs: 9, betaSchedule: BetaSchedule(warmup: 0)),
    TrainingConfiguration(epochs: 9, beta: 0, betaSchedule: BetaSchedule(warmup: 1)),
    TrainingConfiguration(freeBits: 0), TrainingConfiguration(freeBits: .nan),
    TrainingConfiguration(beta: 0, freeBits: 1),
  ])
  func nonsenseIsRefused(configuration: TrainingConfiguration) {
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
  }

  @Test(arguments: [
    TrainingConfiguration(freeBits: 0.5), TrainingConfiguration(beta: 2),
    TrainingConfiguration(betaSchedule: BetaSchedule(warmup: 1)),
    TrainingConfiguration(bound: .evidence(samples: 3)),
  ])
  func autoencoderHasNoKLTermToWeigh(training: TrainingConfiguration) throws {
    var model = smallModel
    model.encoderForm = .deterministic
    try training.validate()
    #expect(throws: ConfigurationError.self) { try trainer(model, training) }
    model.encoderForm = .separate
    _ = try trainer(model, training)
  }

  /// A library's caller hands grey pixels over, as for dynamic draws.
  @Test func staticDrawsAreTheTrainersToMake() throws {
    func parameters(_ pixels: [UInt8], _ binarization: Binarization?) throws -> [NamedArray] {
      let backend = BLASBackend(threads: 1)
      let trainer = try Trainer(
        smallModel,
        TrainingConfiguration(epochs: 2, batchSize: 8, binarization: binarization, seed: 4),
        on: backend, images: try backend.makePixelTable(pixels, columns: smallModel.pixels))
      for _ in 0..<2 { _ = try trainer.trainEpoch() }
      return try trainer.model.parameters()
    }
    let grey = smallImages(count: 22)
    let drawn = Binarization.draw(
      grey, columns: smallModel.pixels, noise: Binarization.fixedNoise(.train, seed: 4))
    let expected = try parameters(drawn, nil)
    #expect(try parameters(grey, .static) == expected)
    #expect(try parameters(drawn, .static) == expected, "black and white stays as it is")
    #expect(try parameters(grey, .dynamic) != expected)
  }

  @Test func varianceGoesWithItsLikelihood() throws {
    try ModelConfiguration(likelihood: .gaussian, variance: 0.1).validate()
    for model in [
      ModelConfiguration(likelihood: .gaussian),
      ModelConfiguration(likelihood: .gaussian, variance: 0),
      ModelConfiguration(likelihood: .gaussian, variance: .nan),
      ModelConfiguration(likelihood: .gaussianLearned, variance: 0.1),
    ] {
      #expect(throws: ConfigurationError.self) { try model.validate() }
    }
  }

  /// Runs from before these settings.
  @Test func filesWithoutTheSettingsAreAsBefore() throws {
    var text = String(decoding: try JSON.encode(TrainingConfiguration()), as: UTF8.self)
    #expect(!text.contains("free_bits") && !text.contains("binarization"))
    #expect(try JSON.decode(TrainingConfiguration.self, from: Data(text.utf8)) == .init())
    text = String(decoding: try JSON.encode(ModelConfiguration()), as: UTF8.self)
    #expect(!text.contains("\"variance\""))
    #expect(try JSON.decode(ModelConfiguration.self, from: Data(text.utf8)) == .init())
  }

  @Test func unlikeLossesAreNotComparable() {
    func measure(_ likelihood: Likelihood, _ binarization: Binarization? = nil) -> LossMeasure {
      LossMeasure(ModelConfiguration(likelihood: likelihood), binarization: binarization)
    }
    #expect(measure(.gaussian).isComparable(with: measure(.gaussianDiagonal)))
    #expect(
      measure(.bernoulli, .static).isComparable(with: measure(.bernoulli, .dynamic)))
    let unlike = [
      measure(.bernoulli), measure(.bernoulli, .static), measure(.squaredError),
      measure(.gaussianLearned), measure(.gaussian, .static),
      LossMeasure(ModelConfiguration(encoderForm: .deterministic), binarization: nil),
      LossMeasure(ModelConfiguration(classes: 10), binarization: nil),
    ]
    for (index, one) in unlike.enumerated() {
      for other in unlike[..<index] { #expect(!one.isComparable(with: other), "\(one), \(other)") }
    }
    #expect(unlike[5].remedy(beside: unlike[0]).contains("KL term"))
    #expect(unlike[0].remedy(beside: unlike[6]).contains("conditional"))
    #expect(unlike[0].remedy(beside: unlike[1]).contains("pixels of one kind"))
  }

  private func trainer(_ model: ModelConfiguration, _ training: TrainingConfiguration) throws
    -> Trainer
  {
    let backend = BLASBackend(threads: 1)
    return try Trainer(
      model, training, on: backend,
      images: try backend.makePixelTable(smallImages(count: 22), columns: model.pixels))
  }

  private static let everything = TrainingConfiguration(
    epochs: 4, batchSize: 8, betaSchedule: BetaSchedule(warmup: 1, cycles: 2), freeBits: 0.05,
    binarization: .dynamic, seed: 4)

  @Test func interruptedScheduleAndDrawsGoOnBitForBit() throws {
    var model = smallModel
    model.likelihood = .gaussianLearned
    let whole = try trainer(model, Self.everything)
    while whole.state.epoch < 4 { _ = try whole.trainEpoch() }
    let folder = try TemporaryFolder()
    let first = try trainer(model, Self.everything)
    while first.state.step < 4 { _ = try first.trainEpoch(shouldStop: { first.state.step >= 4 }) }
    try first.checkpoint().write(to: folder.file("checkpoint.safetensors"))
    let second = try trainer(model, Self.everything)
    let checkpoint = try Checkpoint(contentsOf: folder.file("checkpoint.safetensors"))
    #expect(checkpoint.training == Self.everything && checkpoint.model == model)
    try second.restore(checkpoint)
    while second.state.epoch < 4 { _ = try second.trainEpoch() }
    let parameters = try whole.model.parameters()
    #expect(try second.model.parameters() == parameters)
    #expect(parameters.last?.name == "log_variance_x" && parameters.last?.values != [0])
  }

  @Test func dynamicDrawsChangeAndStaticOnesAreTheSameOnTheHost() throws {
    let pixels = smallImages(count: 5)
    let (columns, noise) = (smallModel.pixels, Binarization.fixedNoise(.train, seed: 9))
    let drawn = Binarization.draw(pixels, columns: columns, noise: noise)
    #expect(Set(drawn) == [0, 255])
    #expect(
      drawn
        != Binarization.draw(
          pixels, columns: columns, noise: Binarization.fixedNoise(.test, seed: 9)))
    let backend = BLASBackend(threads: 1)
    try backend.allocate(elements: 5 * columns)
    let images = Tensor(offset: 0, rows: 5, columns: columns)
    backend.run(
      Gather(
        pixels: try backend.makePixelTable(pixels, columns: columns), order: nil, output: images),
      start: 0)
    backend.run(Binarize(images: images, order: nil), start: 0, noise: noise)
    #expect(try backend.download(images).map { UInt8($0 * 255) } == drawn)
  }

  /// A constant image leaves nothing to explain: the variance falls to its bound, and no further.
  @Test(arguments: [Likelihood.gaussianLearned, .gaussianDiagonal])
  func learnedVarianceDoesNotCollapse(likelihood: Likelihood) throws {
    var model = smallModel
    model.likelihood = likelihood
    let backend = BLASBackend(threads: 1)
    let images = try backend.makePixelTable(
      [UInt8](repeating: 128, count: 16 * model.pixels), columns: model.pixels)
    let trainer = try Trainer(
      model, TrainingConfiguration(epochs: 300, batchSize: 8, learningRate: 0.1), on: backend,
      images: images)
    var last: EpochAverages?
    for _ in 0..<300 { last = try trainer.trainEpoch() }
    let bound = 0.5 * Double(model.pixels) * (log(2 * Double.pi) - 12)
    let reconstruction = try #require(last).reconstruction
    #expect(reconstruction > bound && reconstruction < 0.8 * bound)
  }

  @Test func diagonalModelMakesImagesOfTheirSize() throws {
    var model = smallModel
    model.likelihood = .gaussianDiagonal
    let trainer = try trainer(model, TrainingConfiguration(epochs: 1, batchSize: 8))
    _ = try trainer.trainEpoch()
    let samples = try trainer.model.sample(count: 7, seed: 1)
    #expect(samples.count == 7 * model.pixels && samples.allSatisfy { (0...1).contains($0) })
    let names = try trainer.model.parameters().map(\.name)
    #expect(
      names.suffix(4) == [
        "output.weight", "output.bias", "log_variance_x.weight", "log_variance_x.bias",
      ])
  }
}
