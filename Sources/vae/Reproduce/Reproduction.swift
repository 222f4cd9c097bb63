import Backend
import Datasets
import Terminal
import VAE

/// A data set on a backend.
struct ReproductionImages {
  let count: Int
  let train: PixelTable
  let test: PixelTable

  init(_ dataset: ImageDataset, on backend: any Backend) throws {
    count = dataset.train.count
    train = try backend.makePixelTable(dataset.train.pixels, columns: dataset.imageSize)
    test = try backend.makePixelTable(dataset.test.pixels, columns: dataset.imageSize)
  }
}

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

  let run: PublishedRun
  let seed: UInt64
  let images: ReproductionImages
  let backend: any Backend

  /// Trains, and prints the numbers when all are there.
  ///
  /// - Throws: `TrainingError` or `BackendError`.
  func outcomes() throws -> [Outcome] {
    print("\(run.name): \(run.command)")
    var training = run.training
    (training.epochs, training.seed) = (max(run.epochs, 1), seed)
    let trainer = try Trainer(run.model, training, on: backend, images: images.train)
    let clock = ContinuousClock.now
    var progress = LiveProgress(on: .standardOutput)
    var outcomes: [Outcome] = []
    var averages: EpochAverages?
    for epoch in 0...run.epochs {
      if epoch > 0 {
        averages = try trainer.trainEpoch(report: { state in
          progress.update(
            Progress(
              label: "epoch \(epoch)/\(run.epochs)",
              completed: (epoch - 1) * images.count + state.images,
              total: run.epochs * images.count,
              seconds: (ContinuousClock.now - clock) / .seconds(1)))
        })
      }
      for result in run.results where result.epoch == epoch {
        let value = try result.metric.measure(trainer, averages, test: images.test)
        outcomes.append(
          Outcome(
            result: result, value: value, seconds: (ContinuousClock.now - clock) / .seconds(1)))
      }
    }
    progress.erase()
    show(outcomes)
    return outcomes
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
