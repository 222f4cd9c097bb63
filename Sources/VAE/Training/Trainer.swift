import Backend
import Foundation

/// Trains a model, epoch by epoch.
///
/// The order of the examples, and every draw of ε, is a function of seed, epoch and step, so a trainer
/// restored from a checkpoint takes the very steps that the interrupted one would have taken.
public final class Trainer {
  /// The model being trained.
  public let model: VariationalAutoencoder
  /// How.
  public let configuration: TrainingConfiguration
  /// Where it stands.
  public internal(set) var state = TrainingState()

  private let images: PixelTable
  /// The rows of `images` that are examples; `nil` for all.
  private let examples: [Int]?
  private let order: IndexTable
  private var steps: [Int: TrainingStep] = [:]
  /// The epoch whose order of examples is on the device.
  private var shuffledEpoch: Int?

  /// A trainer that starts anew.
  ///
  /// - Parameters:
  ///   - model: its shape and meaning; the model itself is made here, see `Trainer.model`.
  ///   - backend: where it computes; its arena is taken over, its tables stay.
  ///   - images: the training set, made resident by `backend`; for a conditional model with labels. Grey
  ///     pixels are binarized here, if they are to be.
  ///   - rows: those of `images` to train on, by default all.
  /// - Throws: `ConfigurationError`, `ConditionError.labelsMissing` or `BackendError.outOfMemory`.
  public init(
    _ model: ModelConfiguration, _ configuration: TrainingConfiguration, on backend: any Backend,
    images: PixelTable, rows: [Int]? = nil
  ) throws {
    try configuration.validate()
    try configuration.validate(for: model)
    let count = rows?.count ?? images.rows
    precondition(count > 0, "a training set has at least one example")
    precondition(
      rows?.allSatisfy { (0..<images.rows).contains($0) } ?? true, "examples are rows of the table")
    try model.checkLabels(of: images)
    self.configuration = configuration
    self.images = images
    examples = rows
    let capacity = Self.capacity(for: model, configuration, images: count)
    try configuration.validateWarmup(
      stepsPerEpoch: Self.steps(of: count, batchSize: configuration.batchSize))
    self.model = try VariationalAutoencoder(
      model, on: backend, capacity: capacity,
      workspace: configuration.workspace(batch: min(configuration.batchSize, count)),
      optimizer: configuration.optimizer)
    order = try backend.makeIndexTable(count: count)
    state.examples = count
    self.model.initialize(configuration.initialization, seed: configuration.seed)
  }

  /// The arena's rows: a training batch out of `images`, or an evaluation's, if that is larger.
  public static func capacity(
    for model: ModelConfiguration, _ configuration: TrainingConfiguration, images: Int
  ) -> Int {
    max(
      min(configuration.batchSize, images),
      GraphPlan.capacity(for: model, optimizer: configuration.optimizer))
  }

  /// Steps of an epoch.
  public var stepsPerEpoch: Int {
    Self.steps(of: order.count, batchSize: configuration.batchSize)
  }

  private static func steps(of images: Int, batchSize: Int) -> Int {
    (images + batchSize - 1) / batchSize
  }

  /// The learning rate of the next step.
  public var learningRate: Double {
    configuration.learningRate(step: state.step, stepsPerEpoch: stepsPerEpoch)
  }

  /// How many steps, and how much time, may pass between two looks at the losses.
  private static let reportingInterval = (steps: 50, time: Duration.milliseconds(250))

  /// Trains to the end of the current epoch.
  ///
  /// - Parameters:
  ///   - report: told from time to time where the epoch stands.
  ///   - shouldStop: asked after every step; where it says yes, the trainer stops between two steps.
  /// - Returns: the epoch's averages, or `nil` where it was stopped before the end.
  /// - Throws: `TrainingError`, or a `BackendError` that an operation left.
  public func trainEpoch(
    report: (TrainingState) -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws -> EpochAverages? {
    let backend = model.backend
    shuffle()
    var pending: [Int] = []
    var clock = ContinuousClock.now
    func read() throws {
      try account(for: pending)
      pending = []
      let now = ContinuousClock.now
      state.seconds += (now - clock) / .seconds(1)
      clock = now
      report(state)
    }
    while state.batch < stepsPerEpoch {
      let first = state.batch * configuration.batchSize
      let rows = min(configuration.batchSize, order.count - first)
      let step = step(rows: rows)
      step.pass.gather(images, order: order, start: first, on: backend)
      if let binarization = configuration.binarization {
        backend.run(
          Binarize(images: step.pass.images, order: order), start: first,
          noise: binarization.trainingNoise(epoch: state.epoch, seed: configuration.seed))
      }
      step.pass.corrupt(
        order: order, start: first, epoch: state.epoch, seed: configuration.seed, on: backend)
      step.run(
        on: backend,
        noise: Noise(
          seed: configuration.seed, stream: .reparameterization, step: UInt64(state.step)),
        beta: configuration.beta(step: state.step, stepsPerEpoch: stepsPerEpoch),
        learningRate: learningRate, step: state.step + 1,
        slot: pending.count)
      pending.append(rows)
      state.step += 1
      state.batch += 1
      let stopping = shouldStop()
      if stopping || state.batch == stepsPerEpoch
        || pending.count == Self.reportingInterval.steps
        || ContinuousClock.now - clock > Self.reportingInterval.time
      {
        try read()
      }
      if stopping && state.batch < stepsPerEpoch { return nil }
    }
    let averages = state.averages(beta: configuration.beta)
    state.finishEpoch()
    return averages
  }

  /// Puts the epoch's order of examples on the device.
  private func shuffle() {
    guard shuffledEpoch != state.epoch else { return }
    var random = RandomNumbers(
      Noise(seed: configuration.seed, stream: .shuffling, step: UInt64(state.epoch)))
    let places = random.permutation(count: order.count)
    model.backend.upload(
      examples.map { rows in places.map { UInt32(rows[Int($0)]) } } ?? places, to: order)
    shuffledEpoch = state.epoch
  }

  private func step(rows: Int) -> TrainingStep {
    if let step = steps[rows] { return step }
    let step = TrainingStep(
      model.plan, rows: rows, optimizer: configuration.optimizer,
      clipNorm: configuration.clipNorm, freeBits: configuration.freeBits,
      bound: configuration.bound)
    steps[rows] = step
    return step
  }

  /// Reads the losses of the steps since the last reading, whose batch sizes are `rows`.
  private func account(for rows: [Int]) throws {
    let lossSums = model.plan.lossSums
    let sums = try model.backend.download(lossSums[rows: 0..<rows.count])
    for (slot, count) in rows.enumerated() {
      let terms = sums[slot * lossSums.columns..<(slot + 1) * lossSums.columns].map { Double($0) }
      let (reconstruction, divergence) = (terms[0], terms.count > 1 ? terms[1] : nil)
      if !terms.allSatisfy(\.isFinite) {
        throw TrainingError.notFinite(
          step: state.step - rows.count + slot + 1, epoch: state.epoch + 1,
          reconstruction: reconstruction / Double(count), kl: (divergence ?? 0) / Double(count))
      }
      state.reconstructionSum += reconstruction
      if let divergence { state.klSum = (state.klSum ?? 0) + divergence }
      state.images += count
    }
    try accountForNorms(of: rows.count)
  }

  /// Reads the gradients' norms of as many steps, where they are clipped.
  private func accountForNorms(of steps: Int) throws {
    guard let limit = configuration.clipNorm, let training = model.plan.training else { return }
    let squares = try model.backend.download(training.squaredNorms[rows: 0..<steps])
    for (slot, square) in squares.enumerated() {
      if !square.isFinite {
        throw TrainingError.gradientNotFinite(
          step: state.step - steps + slot + 1, epoch: state.epoch + 1)
      }
      state.gradientNorms = state.gradientNorms.adding(square.squareRoot(), limit: Float(limit))
    }
  }
}
