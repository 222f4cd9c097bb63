import Backend
import Datasets
import Terminal
import VAE

/// A published run, made again.
struct Reproduction {
  /// A number that came out.
  struct Outcome {
    let result: PublishedResult
    let value: Double
    /// Since the run began.
    let seconds: Double

    /// Whether it is as published; a NaN is not.
    var passes: Bool { abs(value - result.target) <= result.tolerance }
  }

  private let run: PublishedRun
  private let training: TrainingConfiguration
  private let dataset: ImageDataset
  private let test: PixelTable
  private let backend: any Backend
  private let began = ContinuousClock.now

  /// Makes the test images resident.
  ///
  /// - Throws: `BackendError.outOfMemory`.
  init(_ run: PublishedRun, seed: UInt64, dataset: ImageDataset, backend: any Backend) throws {
    self.run = run
    self.dataset = dataset
    self.backend = backend
    var training = run.training
    (training.epochs, training.seed) = (max(run.epochs, 1), seed)
    self.training = training
    test = try backend.makePixelTable(dataset.test.pixels, columns: dataset.imageSize)
  }

  /// Trains, and prints the numbers when all are there.
  ///
  /// - Throws: `TrainingError`, `InferenceError` or `BackendError`.
  func outcomes() throws -> [Outcome] {
    print("\(run.name): \(run.command)")
    var progress = LiveProgress(on: .standardOutput)
    defer { progress.erase() }
    func report(_ epochs: Double, of all: Int) {
      progress.update(
        Progress(
          label: "epoch \(Int(epochs) + 1)/\(all)",
          completed: Int(epochs * Double(dataset.train.count)), total: all * dataset.train.count,
          seconds: seconds))
    }
    let outcomes = try run.holdsOutDigits ? detections(report) : measurements(report)
    progress.erase()
    show(outcomes)
    return outcomes
  }

  private var seconds: Double { (ContinuousClock.now - began) / .seconds(1) }

  /// The numbers along one run.
  private func measurements(_ report: (_ epochs: Double, _ all: Int) -> Void) throws -> [Outcome] {
    let images = try backend.makePixelTable(dataset.train.pixels, columns: dataset.imageSize)
    let trainer = try Trainer(run.model, training, on: backend, images: images)
    var outcomes: [Outcome] = []
    var averages: EpochAverages?
    for epoch in 0...run.epochs {
      if epoch > 0 {
        averages = try trainer.trainEpoch(report: { state in
          let fraction = Double(state.images) / Double(images.rows)
          report(Double(epoch - 1) + fraction, run.epochs)
        })
      }
      var model = ReproducedModel(trainer: trainer, epoch: averages, test: test)
      for result in run.results where result.epoch == epoch {
        let value = try model.value(of: result.metric)
        outcomes.append(Outcome(result: result, value: value, seconds: seconds))
      }
    }
    return outcomes
  }

  /// The numbers of a run for each digit.
  private func detections(_ report: (_ epochs: Double, _ all: Int) -> Void) throws -> [Outcome] {
    let scores = run.results.compactMap { result in
      if case .detection(let score) = result.metric { score } else { nil }
    }
    let all = training.epochs * Set(dataset.test.labels ?? []).count
    let means = try HeldOutRuns(
      model: run.model, training: training, dataset: dataset, test: test, backend: backend
    ).means(of: scores) { report($0, all) }
    return zip(run.results, scores).map { result, score in
      Outcome(result: result, value: means[score] ?? .nan, seconds: seconds)
    }
  }

  private func show(_ outcomes: [Outcome]) {
    var table = Table([
      "epochs": .right, "": .left, "target": .right, "±": .right, "ours": .right, " ": .left,
      "time": .right,
    ])
    for outcome in outcomes {
      let (result, digits) = (outcome.result, outcome.result.metric.digits)
      table.append([
        "\(result.epoch)", "\(result.metric.name)",
        "\(Format.fixed(result.target, digits: digits))", "\(result.tolerance.short)",
        "\(Format.fixed(outcome.value, digits: digits))",
        outcome.passes ? .init("pass", .green) : .init("FAIL", .red),
        "\(Format.duration(outcome.seconds))",
      ])
    }
    print(table.text(hasColor: Terminal.standardOutput.hasColor))
  }
}
