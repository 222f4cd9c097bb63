import BLASBackend
import Backend
import ReferenceBackend
import Testing
import VAE

@Suite struct CorruptionTests {
  static let corruptions = ["gaussian:0.4", "mask:0.3", "salt-pepper:0.5"].compactMap(
    Corruption.init)

  private static func model(_ corruption: Corruption) -> ModelConfiguration {
    var model = smallModel
    model.corruption = corruption
    return model
  }

  @Test(arguments: [
    "", "gaussian", "gaussian:", "gaussian:0", "gaussian:-1", "gaussian:nan", "gaussian:inf",
    "mask:1", "mask:0", "salt-pepper:1.5", "blur:0.5", "mask:0.5:1",
  ])
  func nonsenseIsNoCorruption(text: String) {
    #expect(Corruption(text) == nil)
  }

  @Test(arguments: corruptions)
  func textGivesItBack(corruption: Corruption) {
    #expect(Corruption("\(corruption)") == corruption)
  }

  /// The corrupted images of rows `range`, by example.
  private func corrupted(
    _ corruption: Corruption, _ range: Range<Int>, capacity: Int,
    on backend: any Backend = ReferenceBackend()
  ) throws -> [Float] {
    let model = try VariationalAutoencoder(smallModel, on: backend, capacity: capacity)
    let table = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    return try model.denoise(table, rows: range, corruption, seed: 3).corrupted
  }

  @Test(arguments: corruptions)
  func noiseBelongsToTheExample(corruption: Corruption) throws {
    let whole = try corrupted(corruption, 0..<22, capacity: 32)
    #expect(try corrupted(corruption, 0..<22, capacity: 4) == whole)
    #expect(try corrupted(corruption, 5..<11, capacity: 4) == Array(whole[5 * 12..<11 * 12]))
    let blas = try corrupted(corruption, 0..<22, capacity: 8, on: BLASBackend())
    #expect(zip(blas, whole).allSatisfy { abs($0 - $1) <= 1e-6 })
    let images = smallImages(count: 22).map { Float($0) / 255 }
    #expect(whole != images && whole.allSatisfy { (0...1).contains($0) })
  }

  /// Of 40,000 pixels at ½, five standard deviations around what the formula says.
  @Test(arguments: [
    ("gaussian:0.1", 0.0, 0.0), ("mask:0.3", 0.3, 0), ("salt-pepper:0.5", 0.25, 0.25),
  ])
  func sharesAreThoseAskedFor(text: String, black: Double, white: Double) throws {
    let corruption = try #require(Corruption(text))
    let backend = ReferenceBackend()
    let tensor = Tensor(offset: 0, rows: 100, columns: 400)
    try backend.allocate(elements: tensor.count)
    backend.set(tensor, to: [Double](repeating: 0.5, count: tensor.count))
    backend.run(
      Corrupt(corruption: corruption, order: nil, input: tensor, output: tensor), start: 0,
      noise: Noise(seed: 1, stream: .corruption))
    let values = backend.values(of: tensor)
    for (level, share) in [(0.0, black), (1, white)] {
      let found = Double(values.count { $0 == level }) / 40_000
      #expect(abs(found - share) <= 5 * (share * (1 - share) / 40_000).squareRoot())
    }
    if corruption.kind == .gaussian {
      let variance = values.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / 40_000
      #expect(abs(variance - 0.01) < 5 * 0.01 * (2.0 / 40_000).squareRoot())
    }
  }

  /// The loss is the clean image's: with noise that leaves nothing to see it is that of no input at all.
  @Test func lossIsOfTheCleanImage() throws {
    let backend = ReferenceBackend()
    let plain = try VariationalAutoencoder(smallModel, on: backend)
    plain.initialize(.kaimingUniform, seed: 6)
    let parameters = try plain.parameters()
    let table = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    let clean = try plain.evaluate(table)
    let tiny = try #require(Corruption("mask:1e-9"))
    let model = try VariationalAutoencoder(Self.model(tiny), on: backend)
    let again = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    try model.setParameters(parameters)
    #expect(try model.evaluate(again) == clean, "noise that hits no pixel changes nothing")
    let codes = try model.encode(again)

    let strong = try VariationalAutoencoder(
      Self.model(try #require(Corruption("mask:0.9"))), on: backend)
    let third = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    try strong.setParameters(parameters)
    #expect(try strong.evaluate(third).kl != clean.kl)
    #expect(try strong.encode(third).means == codes.means, "codes are of clean images")
  }

  /// All estimates of a denoising model see what its loss sees.
  @Test func estimatesSeeImagesThroughTheNoise() throws {
    let backend = BLASBackend(threads: 1)
    let workspace = Workspace(codes: 64, hasCodeGradient: true)
    func model(_ configuration: ModelConfiguration) throws -> VariationalAutoencoder {
      let model = try VariationalAutoencoder(
        configuration, on: backend, capacity: 8, workspace: workspace)
      model.initialize(.kaimingUniform, seed: 6)
      return model
    }
    let table = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    let corruption = try #require(Corruption("mask:0.9"))
    let plain = try model(smallModel)
    let clean = (
      nll: try plain.logLikelihood(table, draws: 8, seed: 5).logLikelihoods,
      codes: try plain.encode(table).means
    )
    let noisy = try model(Self.model(corruption))
    let evaluation = try noisy.evaluate(table, samples: 3, seed: 5)
    func average(_ values: [Double]) -> Double { values.reduce(0, +) / 22 }
    let losses = try noisy.scores(table, by: .elbo, samples: 3, seed: 5)
    #expect(abs(average(losses) - evaluation.loss) < 1e-4)
    let divergences = try noisy.scores(table, by: .kl, seed: 5)
    #expect(abs(average(divergences) - (try #require(evaluation.kl))) < 1e-5)
    let refinement = try noisy.refine(
      table, RefinementSettings(steps: 2, draws: 3, seed: 5))
    #expect(abs(average(refinement.amortized) + evaluation.loss) < 1e-4)
    let noisyNLL = try noisy.logLikelihood(table, draws: 8, seed: 5).logLikelihoods
    #expect(zip(noisyNLL, clean.nll).allSatisfy { $0 != $1 })
    #expect(try noisy.encode(table).means == clean.codes)
    #expect(try noisy.encode(table, through: corruption, seed: 5).means != clean.codes)
  }

  /// Restored in the middle of an epoch, a trainer goes on with the same noise.
  @Test func trainingResumesBitForBit() throws {
    func trainer() throws -> Trainer {
      let backend = BLASBackend()
      let images = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
      return try Trainer(
        Self.model(Self.corruptions[0]), TrainingConfiguration(epochs: 2, batchSize: 8, seed: 4),
        on: backend, images: images)
    }
    let whole = try trainer()
    while whole.state.epoch < 2 { _ = try whole.trainEpoch() }
    let first = try trainer()
    while first.state.step < 4 { _ = try first.trainEpoch(shouldStop: { first.state.step >= 4 }) }
    let second = try trainer()
    try second.restore(try first.checkpoint())
    while second.state.epoch < 2 { _ = try second.trainEpoch() }
    #expect(try second.checkpoint().parameters == whole.checkpoint().parameters)
  }
}
