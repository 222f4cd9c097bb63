import Backend
import Datasets
import Terminal
import VAE

/// A data set's images on the device, of which all runs take theirs.
struct ResidentImages {
  let train: PixelTable
  let test: PixelTable

  /// - Throws: `BackendError.outOfMemory`.
  init(_ dataset: ImageDataset, on backend: any Backend) throws {
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

    var passes: Bool { result.passes(value) }
  }

  private let run: PublishedRun
  private let training: TrainingConfiguration
  private let dataset: ImageDataset
  private let images: ResidentImages
  private let backend: any Backend
  private let began = ContinuousClock.now

  /// - Parameter images: those of `dataset` on `backend`.
  init(
    _ run: PublishedRun, seed: UInt64, dataset: ImageDataset, images: ResidentImages,
    backend: any Backend
  ) {
    self.run = run
    self.dataset = dataset
    self.images = images
    self.backend = backend
    var training = run.training
    (training.epochs, training.seed) = (max(run.epochs, 1), seed)
    self.training = training
  }

  /// Trains, and prints the numbers when all are there.
  ///
  /// - Throws: `TrainingError`, `InferenceError` or `BackendError`.
  func outcomes() throws -> [Outcome] {
    print("\(run.name): \(run.command)")
    var progress = LiveProgress()
    defer { progress.erase() }
    let (outcomes, note) =
      try run.holdsOutDigits
      ? detections { progress.update($0) }
      : (measurements { progress.update($0) }, nil)
    progress.erase()
    show(outcomes)
    if let note { print(note + "\n") }
    return outcomes
  }

  private var seconds: Double { (ContinuousClock.now - began) / .seconds(1) }

  private func progress(epochs: Double, of all: Int) -> Progress {
    Progress(
      label: "epoch \(Int(epochs) + 1)/\(all)",
      completed: Int(epochs * Double(dataset.train.count)), total: all * dataset.train.count,
      seconds: seconds)
  }

  /// The numbers along one run.
  private func measurements(_ report: (Progress) -> Void) throws -> [Outcome] {
    let trainer = try Trainer(run.model, training, on: backend, images: images.train)
    var outcomes: [Outcome] = []
    var averages: EpochAverages?
    for epoch in 0...run.epochs {
      if epoch > 0 {
        averages = try trainer.trainEpoch(report: { state in
          let fraction = Double(state.images) / Double(images.train.rows)
          report(progress(epochs: Double(epoch - 1) + fraction, of: run.epochs))
        })
      }
      var model = ReproducedModel(trainer: trainer, epoch: averages, test: images.test)
      for result in run.results where result.epoch == epoch {
        let start = seconds
        let value = try model.value(of: result.metric) { draws, all in
          report(
            Progress(
              label: "ln p(x)", completed: draws, total: all, seconds: seconds - start,
              unit: .items("draws")))
        }
        outcomes.append(Outcome(result: result, value: value, seconds: seconds))
      }
    }
    return outcomes
  }

  /// The numbers of a run for each digit, and what no target is known of.
  private func detections(_ report: (Progress) -> Void) throws -> ([Outcome], String?) {
    let scores = run.results.compactMap { result in
      if case .detection(let score) = result.metric { score } else { nil }
    }
    let all = training.epochs * Set(dataset.test.labels ?? []).count
    let results = try HeldOutRuns(
      model: run.model, training: training, dataset: dataset, images: images, backend: backend
    ).results(by: scores) { report(progress(epochs: $0, of: all)) }
    let outcomes = zip(run.results, scores).map { result, score in
      Outcome(result: result, value: results.means[score] ?? .nan, seconds: seconds)
    }
    func area(_ value: Double) -> String { Format.fixed(value, digits: 2) }
    return (
      outcomes,
      "a held-out 1 among the first \(Format.count(HeldOutRuns.regretImages)) test images: AUROC "
        + "\(area(results.ones.elbo)) by elbo, \(area(results.ones.regret)) by regret"
    )
  }

  private func show(_ outcomes: [Outcome]) {
    var table = Table([
      "epochs": .right, "": .left, "target": .right, "tolerance": .right, "ours": .right,
      " ": .left, "time": .right,
    ])
    for outcome in outcomes {
      let (result, digits) = (outcome.result, outcome.result.metric.digits)
      table.append([
        "\(result.epoch)", "\(result.metric.name)",
        "\(Format.fixed(result.target, digits: digits))", "\(result.toleranceText)",
        "\(Format.fixed(outcome.value, digits: digits))",
        outcome.passes ? .init("pass", .green) : .init("FAIL", .red),
        "\(Format.duration(outcome.seconds))",
      ])
    }
    print(table.text(hasColor: Terminal.standardOutput.hasColor))
  }
}
