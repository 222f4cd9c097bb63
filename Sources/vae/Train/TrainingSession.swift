import Arguments
import Backend
import Backends
import Datasets
import Files
import Foundation
import Terminal
import VAE

/// A training run from its first or next step to its last, with everything it prints and writes.
struct TrainingSession {
  private let folder: RunFolder
  private let trainer: Trainer
  private let test: PixelTable
  /// The test images that are shown beside their reconstructions; the rest of the data is the backend's alone.
  private let shown: ImageDataset.Split
  private let console: Console
  private let profile: Profile?
  private var metrics: [MetricsLine]
  private let began = ContinuousClock.now

  /// A run that begins.
  init(startingWith options: Train, _ console: Console, _ profile: Profile?) throws {
    if let out = options.out, !options.overwrite,
      FileSystem.exists(RunFolder(out).configuration)
    {
      throw TrainingSessionError.existingRun(out)
    }
    let preset = options.preset ?? .pytorch
    let data = Self.absolute(options.data.data ?? "digits")
    let fit = options.data.fit
    let whole = try ImageDataset.load(data, fit: fit ?? ImageFit())
    let name = URL(fileURLWithPath: whole.name).lastPathComponent
    let dataset = try (consume whole).selecting(labels: options.trainOnLabels)
    var model = try options.model.overriding(preset.model)
    model.fit(dataset)
    if options.model.conditional { model.classes = try dataset.countClasses() }
    var training = options.training.overriding(preset.training)
    training = options.objective.overriding(options.optimizer.overriding(training))
    training.epochs = options.epochs ?? training.epochs
    training.patience = options.patience ?? training.patience
    do {
      try model.validate()
      try training.validate()
      try training.validate(for: model)
    } catch {
      throw ValidationError("\(error)")
    }

    let usual = "runs/\(name)-\(preset.rawValue)"
    let folder = RunFolder(options.out ?? (options.overwrite ? usual : Self.freeFolder(usual)))
    let isReplacing = FileSystem.exists(folder.configuration)
    let chosen = try options.backend.choose(
      memory: Self.memory(model, training, dataset), profile: profile)
    let backend = chosen.backend
    let run = RunConfiguration(
      model: model, training: training, data: data, trainedLabels: options.trainOnLabels,
      classNames: dataset.classes.isEmpty ? nil : dataset.classes, images: fit,
      backend: backend.name, device: backend.device, version: programVersion)
    try self.init(folder, run, consume dataset, chosen, console, profile, metrics: [])
    if isReplacing { try folder.clear() }
    try folder.create(run)
    try folder.writeMetrics([])
    // From here on there is always a checkpoint to resume from.
    try save()
  }

  /// A run that goes on.
  init(resuming path: String, _ options: Train, _ console: Console, _ profile: Profile?) throws {
    guard FileSystem.isFolder(path) else { throw TrainingSessionError.notARunFolder(path) }
    let folder = RunFolder(path)
    var run = try folder.readConfiguration()
    let checkpoint = try Checkpoint(contentsOf: folder.checkpoint)
    try checkpoint.validate(for: run, path: folder.checkpoint)
    run.training.epochs = options.epochs ?? run.training.epochs
    run.training.patience = options.patience ?? run.training.patience
    guard checkpoint.state.epoch < run.training.epochs else {
      throw TrainingSessionError.nothingToDo(epochs: checkpoint.state.epoch)
    }
    if let data = options.data.data.map(Self.absolute), data != run.data {
      console.note("the run was begun on \(run.data); it goes on with \(data)")
      run.data = data
    }
    let dataset = try ImageDataset.load(run.data, fit: run.images ?? ImageFit())
      .selecting(labels: run.trainedLabels)
    try dataset.checkSize(for: run.model)
    try dataset.checkClassNames(for: run)
    let chosen = try options.backend.choose(
      memory: Self.memory(run.model, run.training, dataset), fallback: Self.request(for: run),
      profile: profile)
    if chosen.backend.device != run.device {
      console.note(
        "the run was begun on \(run.device); on \(chosen.backend.device) its last bits may differ")
    }
    (run.backend, run.device) = (chosen.backend.name, chosen.backend.device)
    // What was written after the checkpoint is written again.
    let metrics = try folder.readMetrics().filter { $0.epoch <= checkpoint.state.epoch }
    if let best = BestModel(metrics), best.exhausts(run.training.patience),
      checkpoint.state.batch == 0
    {
      throw TrainingSessionError.stoppedEarly(
        epochs: checkpoint.state.epoch, best: best.epoch, waited: best.epochsSince)
    }
    guard checkpoint.state.batch == 0 || checkpoint.state.examples == dataset.train.count else {
      throw TrainingSessionError.otherData(
        expected: checkpoint.state.examples, found: dataset.train.count)
    }
    try self.init(folder, run, consume dataset, chosen, console, profile, metrics: metrics)
    try trainer.restore(checkpoint)
    try folder.create(run)
    console.line("resume", "after step \(Format.count(trainer.state.step))")
    if case .cosine = run.training.schedule, checkpoint.training.epochs != run.training.epochs {
      console.note(
        "the cosine now ends with epoch \(run.training.epochs); the learning rate goes on at "
          + "\(trainer.learningRate)")
    }
  }

  private init(
    _ folder: RunFolder, _ run: RunConfiguration, _ dataset: consuming ImageDataset,
    _ chosen: ChosenBackend, _ console: Console, _ profile: Profile?, metrics: [MetricsLine]
  ) throws {
    let backend = chosen.backend
    if run.training.binarization != nil {
      dataset = dataset.binarizingTest(seed: run.training.seed)
    }
    let train = try dataset.makeTable(of: dataset.train, for: run.model, on: backend)
    test = try dataset.makeTable(of: dataset.test, for: run.model, on: backend)
    shown = dataset.test.first(16)
    let data = Console.line(for: dataset)
    // From here on the images are in memory once: a data set is most of what training takes of it.
    _ = consume dataset
    self.folder = folder
    self.console = console
    self.profile = profile
    self.metrics = metrics
    trainer = try Trainer(run.model, run.training, on: backend, images: train)
    console.describe(run, data, chosen, folder)
  }

  /// Where it trains.
  var backend: any Backend { trainer.model.backend }

  /// Trains to the last epoch, or until it is interrupted.
  mutating func run() throws {
    var waited: Int?
    while trainer.state.epoch < trainer.configuration.epochs {
      let epoch = trainer.state.epoch + 1
      var progress = console.progress()
      let averages: EpochAverages?
      do {
        averages = try recorded {
          try trainer.trainEpoch(
            report: { console.show($0, of: trainer, on: &progress) },
            shouldStop: { Interrupt.isRequested })
        }
      } catch let error as TrainingError {
        progress?.erase()
        throw TrainingSessionError.lostRun(error, checkpoint: folder.checkpoint)
      }
      progress?.erase()
      guard let averages else { return try stop() }
      try finish(epoch, averages)
      waited = BestModel(metrics).flatMap {
        $0.exhausts(trainer.configuration.patience) && epoch < trainer.configuration.epochs
          ? $0.epochsSince : nil
      }
      if waited != nil { break }
      if Interrupt.isRequested && epoch < trainer.configuration.epochs { return try stop() }
    }
    console.finished(
      metrics, folder, epochs: trainer.state.epoch, waited: waited, since: began)
  }

  /// Trains, under the eyes of the profile if there is one.
  private func recorded(_ train: () throws -> EpochAverages?) rethrows -> EpochAverages? {
    guard let profile else { return try train() }
    return try profile.recording(train)
  }

  /// Evaluates, draws and saves after an epoch.
  private mutating func finish(_ epoch: Int, _ averages: EpochAverages) throws {
    let clock = ContinuousClock.now
    let evaluation = try trainer.model.evaluate(
      test, by: trainer.configuration.bound, beta: trainer.configuration.beta,
      seed: trainer.configuration.seed)
    let seconds = (ContinuousClock.now - clock) / .seconds(1)
    guard evaluation.loss.isFinite else {
      throw TrainingSessionError.lostRun(
        .notFinite(
          step: trainer.state.step, epoch: epoch, reconstruction: evaluation.reconstruction,
          kl: evaluation.kl ?? 0), checkpoint: folder.checkpoint)
    }
    var training = line(
      "train", epoch, averages.loss, averages.reconstruction, averages.kl, averages.images,
      averages.seconds)
    if trainer.configuration.isScheduled {
      training.learningRate = trainer.configuration.learningRate(
        step: trainer.state.step - 1, stepsPerEpoch: trainer.stepsPerEpoch)
    }
    training.gradientNorm = averages.gradientNorms?.mean
    training.clippedSteps = averages.gradientNorms?.clipped
    metrics.append(training)
    var tested = line(
      "test", epoch, evaluation.loss, evaluation.reconstruction, evaluation.kl,
      evaluation.images, seconds)
    tested.klPerDimension = evaluation.kl.map { _ in evaluation.klPerDimension }
    tested.activeUnits = evaluation.activeUnits
    metrics.append(tested)
    console.epoch(epoch, of: trainer, averages, evaluation, trainedBeta: trainedBeta)

    let best = BestModel(metrics)
    try save(as: best?.isLatest == true ? best : nil)
    let pictures = Pictures(model: trainer.model)
    try pictures.samples(count: 64, seed: trainer.configuration.seed)
      .write(png: folder.samples(epoch: epoch))
    try pictures.reconstructions(of: shown, test, count: shown.count)
      .write(png: folder.reconstructions(epoch: epoch))
  }

  /// Writes the checkpoint last: a run killed in between is resumed from the one before.
  private func save(as best: BestModel? = nil) throws {
    let checkpoint: Checkpoint
    do {
      checkpoint = try trainer.checkpoint()
    } catch let error as TrainingError {
      throw TrainingSessionError.lostRun(error, checkpoint: folder.checkpoint)
    }
    try folder.writeMetrics(metrics)
    let model = ModelFile(configuration: checkpoint.model, parameters: checkpoint.parameters)
    if let best { try model.write(to: folder.best, notes: best.notes) }
    try model.write(to: folder.model)
    try checkpoint.write(to: folder.checkpoint)
  }

  private func stop() throws {
    try save()
    let state = trainer.state
    console.finish(
      "stopped after step \(Format.count(state.step)) (epoch \(state.epoch + 1), "
        + "\(state.batch) of \(trainer.stepsPerEpoch) steps); go on with: "
        + "vae train --resume \(shellQuoted(folder.path))")
    throw ExitCode.failure
  }

  private func line(
    _ split: String, _ epoch: Int, _ loss: Double, _ reconstruction: Double, _ kl: Double?,
    _ images: Int, _ seconds: Double
  ) -> MetricsLine {
    MetricsLine(
      epoch: epoch, step: trainer.state.step, split: split, loss: loss,
      reconstruction: reconstruction, kl: kl, seconds: seconds,
      imagesPerSecond: seconds > 0 ? Double(images) / seconds : 0,
      backend: trainer.model.backend.name, device: trainer.model.backend.device,
      beta: split == "train" ? trainedBeta : trainer.configuration.beta,
      unit: trainer.model.configuration.lossUnit,
      importanceSamples: trainer.configuration.bound?.importanceSamples)
  }

  /// The KL term's weight in the last step.
  private var trainedBeta: Double {
    trainer.configuration.beta(
      step: trainer.state.step - 1, stepsPerEpoch: trainer.stepsPerEpoch)
  }
}
