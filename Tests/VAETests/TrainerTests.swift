import BLASBackend
import Backend
import ReferenceBackend
import TestSupport
import Testing
import VAE

@Suite struct TrainerTests {
  /// 22 images in batches of 8: the last one is short.
  private func trainer(
    _ training: TrainingConfiguration = TrainingConfiguration(epochs: 3, batchSize: 8, seed: 4),
    on backend: any Backend = ReferenceBackend()
  ) throws -> Trainer {
    let images = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    return try Trainer(smallModel, training, on: backend, images: images)
  }

  @Test(arguments: [
    Optimizer.adam(), .adamW(weightDecay: 0.1), .sgd(momentum: 0.9), .sgd(momentum: 0),
  ])
  func lossFalls(optimizer: Optimizer) throws {
    let trainer = try trainer(
      TrainingConfiguration(
        epochs: 40, batchSize: 8, optimizer: optimizer, learningRate: 0.02, seed: 4))
    let first = try #require(try trainer.trainEpoch())
    var last = first
    for _ in 1..<40 { last = try #require(try trainer.trainEpoch()) }
    #expect(last.loss < 0.95 * first.loss)
    #expect(trainer.state.step == 120 && trainer.state.epoch == 40)
  }

  @Test func rowsOfATableTrainLikeATableOfThem() throws {
    let rows = [1, 2, 5, 8, 9, 13, 14, 20, 21]
    let (backend, pixels) = (BLASBackend(threads: 1), smallImages(count: 22))
    let size = smallModel.pixels
    let training = TrainingConfiguration(epochs: 2, batchSize: 4, seed: 4)
    func epochs(_ pixels: [UInt8], _ rows: [Int]?) throws -> [EpochAverages?] {
      let trainer = try Trainer(
        smallModel, training, on: backend,
        images: backend.makePixelTable(pixels, columns: size), rows: rows)
      return try (0..<2).map { _ in try trainer.trainEpoch() }
    }
    let chosen = try epochs(pixels, rows)
    let alone = try epochs(rows.flatMap { pixels[$0 * size..<($0 + 1) * size] }, nil)
    #expect(chosen.map { $0?.loss } == alone.map { $0?.loss })
    #expect(chosen.map { $0?.images } == [9, 9])
  }

  @Test func shortBatchCountsByItsSize() throws {
    // Without learning, an epoch's average is the data's, whatever the batches.
    func average(_ batchSize: Int) throws -> EpochAverages {
      let frozen = TrainingConfiguration(
        epochs: 1, batchSize: batchSize, optimizer: .sgd(momentum: 0), learningRate: 1e-300, seed: 4
      )
      return try #require(try trainer(frozen).trainEpoch())
    }
    let (whole, parts) = (try average(22), try average(8))
    #expect(whole.images == 22 && parts.images == 22)
    // KL depends on the images alone, so it must not depend on how they are cut into batches.
    let (divergence, other) = (try #require(whole.kl), try #require(parts.kl))
    #expect(abs(divergence - other) <= 1e-6 * divergence)
    #expect(abs(whole.loss - (whole.reconstruction + divergence)) <= 1e-12 * whole.loss)
  }

  @Test func everyEpochSeesEveryImageOnceInAnotherOrder() throws {
    // Image i is all grey level i, so that what was gathered tells which images they were.
    let backend = ReferenceBackend()
    let pixels = (0..<22).flatMap { [UInt8](repeating: UInt8($0), count: smallModel.pixels) }
    let images = try backend.makePixelTable(pixels, columns: smallModel.pixels)
    let trainer = try Trainer(
      smallModel, TrainingConfiguration(epochs: 2, batchSize: 8, seed: 4), on: backend,
      images: images)
    var orders: [[Int]] = []
    for _ in 0..<2 {
      var order: [Int] = []
      var isOver = false
      while !isOver {
        let rows = min(8, 22 - order.count)
        isOver = try trainer.trainEpoch(shouldStop: { true }) != nil
        let gathered = try backend.download(trainer.model.pass(rows: rows).images)
        order += stride(from: 0, to: gathered.count, by: smallModel.pixels).map {
          Int((gathered[$0] * 255).rounded())
        }
      }
      orders.append(order)
    }
    for order in orders {
      #expect(order.sorted() == Array(0..<22) && order != Array(0..<22))
    }
    #expect(orders[0] != orders[1])
  }

  /// In single precision, which a checkpoint keeps exactly; the reference's doubles it rounds.
  @Test(arguments: [
    TrainingConfiguration(epochs: 3, batchSize: 8, seed: 4),
    TrainingConfiguration(
      epochs: 3, batchSize: 8, optimizer: .adamW(), schedule: .cosine(),
      warmup: .steps(count: 4), clipNorm: 1, seed: 4),
  ])
  func interruptedAndRestoredEndsWhereTheUninterruptedDoes(configuration: TrainingConfiguration)
    throws
  {
    func trainer() throws -> Trainer { try self.trainer(configuration, on: BLASBackend()) }
    let whole = try trainer()
    var expected: [EpochAverages] = []
    for _ in 0..<3 { expected.append(try #require(try whole.trainEpoch())) }

    let folder = try TemporaryFolder()
    for stop in [1, 3, 4, 7] {
      let first = try trainer()
      while first.state.step < stop {
        _ = try first.trainEpoch(shouldStop: { first.state.step >= stop })
      }
      #expect(first.state.step == stop)
      try first.checkpoint().write(to: folder.file("checkpoint.safetensors"))

      let second = try trainer()
      try second.restore(try Checkpoint(contentsOf: folder.file("checkpoint.safetensors")))
      var averages: EpochAverages?
      while second.state.epoch < 3 { averages = try second.trainEpoch() }
      #expect(averages?.loss == expected[2].loss)
      #expect(averages?.gradientNorms == expected[2].gradientNorms)
      let (left, right) = (try whole.checkpoint(), try second.checkpoint())
      #expect(left.parameters == right.parameters && left.optimizerState == right.optimizerState)
      #expect(left.state.step == right.state.step && left.state.epoch == right.state.epoch)
    }
  }

  @Test func lossThatStopsBeingFiniteEndsTheRun() throws {
    let trainer = try trainer(
      TrainingConfiguration(
        epochs: 3, batchSize: 8, optimizer: .sgd(momentum: 0), learningRate: 1e30, seed: 4))
    let error = #expect(throws: TrainingError.self) {
      for _ in 0..<3 { _ = try trainer.trainEpoch() }
    }
    guard case .notFinite(let step, _, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(step > 1 && step <= 9)
    #expect("\(error as Any)".contains("--learning-rate"))
  }

  /// The loss stays finite, and the square of a gradient of 10²⁰ does not.
  @Test func normThatIsNotFiniteEndsTheRun() throws {
    let trainer = try trainer(
      TrainingConfiguration(epochs: 1, batchSize: 8, clipNorm: 1, seed: 4), on: BLASBackend())
    try trainer.model.setParameters(
      try trainer.model.parameters().map { array in
        let value: Float? =
          switch array.name {
          case "decoder.0.bias": 1e20
          case "output.weight": 0
          default: nil
          }
        return NamedArray(
          name: array.name, shape: array.shape, values: array.values.map { value ?? $0 })
      })
    let error = #expect(throws: TrainingError.gradientNotFinite(step: 1, epoch: 1)) {
      try trainer.trainEpoch()
    }
    #expect("\(error as Any)".contains("--learning-rate"))
  }

  @Test func numbersThatAreNoneSurviveCoding() throws {
    let line = MetricsLine(
      epoch: 1, step: 1, split: "train", loss: -.infinity, reconstruction: 1, kl: 0, seconds: 1,
      imagesPerSecond: 1, backend: "blas", device: "", gradientNorm: .infinity)
    #expect(try JSON.decode(MetricsLine.self, from: JSON.encode(line)) == line)
    #expect(try JSON.decode([Double].self, from: JSON.encode([Double.nan]))[0].isNaN)
  }

  @Test func brokenParametersAreNeverSaved() throws {
    let trainer = try trainer()
    let parameters = try trainer.model.parameters()
    try trainer.model.setParameters(
      parameters.map {
        NamedArray(
          name: $0.name, shape: $0.shape,
          values: $0.name == "mean.bias" ? [0, .nan, 0] : $0.values)
      })
    #expect(throws: TrainingError.parametersNotFinite(name: "mean.bias", step: 0)) {
      try trainer.checkpoint()
    }
  }

  @Test(arguments: [
    TrainingConfiguration(epochs: 0), TrainingConfiguration(batchSize: 0),
    TrainingConfiguration(learningRate: .nan), TrainingConfiguration(learningRate: -1),
    TrainingConfiguration(beta: -0.1), TrainingConfiguration(optimizer: .sgd(momentum: 1)),
    TrainingConfiguration(optimizer: .adam(beta1: 1)),
    TrainingConfiguration(optimizer: .adam(epsilon: 0)),
    TrainingConfiguration(optimizer: .adamW(beta2: 1)),
    TrainingConfiguration(optimizer: .adamW(weightDecay: -0.1)),
    TrainingConfiguration(optimizer: .adamW(weightDecay: 1000)),
    TrainingConfiguration(schedule: .step(epochs: 0, factor: 0.5)),
    TrainingConfiguration(schedule: .step(epochs: 1, factor: 0)),
    TrainingConfiguration(schedule: .cosine(floor: 1)),
    TrainingConfiguration(schedule: .cosine(floor: .nan)),
    TrainingConfiguration(warmup: .steps(count: 0)),
    TrainingConfiguration(clipNorm: 0), TrainingConfiguration(clipNorm: .infinity),
    TrainingConfiguration(patience: 0),
  ])
  func nonsenseIsRefused(configuration: TrainingConfiguration) {
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
  }
}
