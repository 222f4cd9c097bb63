import Backend
import Backends
import Datasets
import Terminal
import VAE

/// What training tells a person.
struct Console {
  let quiet: Bool
  private let terminal = Terminal.standardOutput

  init(quiet: Bool) { self.quiet = quiet }

  func say(_ text: String) {
    if !quiet { terminal.write(text + "\n") }
  }

  /// How a run ended before its end: said even where nothing else is wanted.
  func finish(_ text: String) {
    (quiet ? Terminal.standardError : terminal).write(text + "\n")
  }

  /// What matters even where nothing else is wanted.
  func note(_ text: String) { Terminal.standardError.write("note: \(text)\n") }

  func line(_ title: String, _ text: String) {
    say(title + String(repeating: " ", count: 9 - title.count) + text)
  }

  func progress() -> LiveProgress? { quiet ? nil : LiveProgress() }

  /// A data set in words.
  static func line(for dataset: ImageDataset) -> String {
    "\(dataset.name): \(Format.count(dataset.train.count)) training and "
      + "\(Format.count(dataset.test.count)) test images of \(dataset.width)×\(dataset.height)"
      + (dataset.channels == 3 ? " in colour" : "")
  }

  /// - Parameter data: what `line(for:)` makes of the data set.
  func describe(
    _ run: RunConfiguration, _ data: String, _ chosen: ChosenBackend, _ folder: RunFolder
  ) {
    line("data", data)
    line("model", run.model.line)
    let training = run.training
    line(
      "training",
      "\(Format.count(training.epochs, "epoch")) of \(training.line(for: run.model)), seed \(training.seed)"
    )
    line("backend", chosen.summary)
    line("run", folder.path)
    line(
      "loss",
      "\(run.lossMeasure), summed over pixels and averaged over images"
        + (training.betaSchedule == nil && training.freeBits == nil
          ? "" : "; with \(training.beta.short) × KL, whatever the schedule and free bits do")
        + (training.bound?.importanceSamples.map {
          "; of both splits by the importance-weighted bound of \($0) draws an image"
        } ?? ""))
  }

  func show(
    _ state: TrainingState, of trainer: Trainer, on progress: inout LiveProgress?
  ) {
    let averages = state.averages(beta: trainer.configuration.beta)
    progress?.update(
      Progress(
        label: "epoch \(state.epoch + 1)/\(trainer.configuration.epochs)",
        completed: state.images, total: state.examples, seconds: state.seconds,
        detail: "loss \(Format.fixed(averages.loss, digits: 2))"))
  }

  func epoch(
    _ epoch: Int, of trainer: Trainer, _ averages: EpochAverages, _ evaluation: Evaluation,
    trainedBeta: Double
  ) {
    func number(_ value: Double) -> String { Format.fixed(value, digits: 2) }
    let rate = Format.count(Int(averages.imagesPerSecond.rounded()))
    let (epochs, beta) = (trainer.configuration.epochs, trainer.configuration.beta)
    let terms =
      evaluation.kl.map {
        " = reconstruction \(number(evaluation.reconstruction)) + "
          + "\(beta == 1 ? "" : "\(beta.short) × ")KL \(number($0))"
      } ?? ""
    let padding = String(repeating: " ", count: "\(epochs)".count - "\(epoch)".count)
    say(
      "epoch \(padding)\(epoch)/\(epochs)  train \(number(averages.loss))  test \(number(evaluation.loss))\(terms)  "
        + (trainedBeta == beta ? "" : "trained with β \(Format.fixed(trainedBeta, digits: 3))  ")
        + "\(Format.duration(averages.seconds))  \(rate) images/s")
  }

  /// - Parameter waited: epochs without a lower test loss that ended the run, if they did.
  func finished(
    _ metrics: [MetricsLine], _ folder: RunFolder, epochs: Int, waited: Int?,
    since start: ContinuousClock.Instant
  ) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let loss = metrics.last.map { ", test loss \(Format.fixed($0.loss, digits: 2))" } ?? ""
    if let waited {
      say("stopped early: no lower test loss for \(Format.count(waited, "epoch"))")
    }
    say("done in \(Format.duration(seconds))\(loss)")
    line("model", folder.model)
    if let best = BestModel(metrics) {
      let loss = Format.fixed(best.loss, digits: 2)
      line("best", "\(folder.best): epoch \(best.epoch), test loss \(loss)")
    }
    line("pictures", folder.samples(epoch: epochs))
    line("", folder.reconstructions(epoch: epochs))
    line("next", "vae report \(shellQuoted(folder.path)) --out report.html")
  }
}

/// Prints one JSON object.
func printJSON(_ value: some Encodable, pretty: Bool = false) throws {
  print(String(decoding: try JSON.encode(value, pretty: pretty), as: UTF8.self))
}

extension ModelConfiguration {
  /// What it is, in a line.
  var line: String {
    "\(summary) \(activation.rawValue), \(Format.count(parameterCount)) parameters, "
      + "\(encoderLine), \(likelihood.rawValue) likelihood"
      + (variance.map { " of variance \($0.short)" } ?? "")
      + (classes.map { ", conditional on \($0) classes" } ?? "")
      + (corruption.map { ", images corrupted by \($0)" } ?? "")
  }

  /// What the encoder says, in some words.
  private var encoderLine: String {
    switch encoderForm {
    case .joint: "\(posterior.rawValue) posterior"
    case .separate: "\(posterior.rawValue) posterior from separate encoders"
    case .deterministic: "autoencoder"
    }
  }
}

extension TrainingConfiguration {
  /// What a step of `model` does and begins with, in a line.
  func line(for model: ModelConfiguration) -> String {
    "batches of \(Format.count(batchSize)), \(optimizerLine), "
      + (model.encoderForm == .deterministic
        ? "" : "β \(beta.short)\(betaSchedule?.line ?? ""), ")
      + (freeBits.map { "\($0.short) nats free a latent dimension, " } ?? "")
      + (binarization.map { "\($0.rawValue) binarization, " } ?? "")
      + (bound.map { "\($0.line), " } ?? "") + initialization.rawValue
  }
}

extension Bound {
  /// What training raises, in some words.
  fileprivate var line: String {
    switch self {
    case .evidence(let samples): "\(samples) draws an image"
    case .importanceWeighted(let samples):
      "the importance-weighted bound of \(samples) draws an image"
    }
  }
}

extension BetaSchedule {
  /// What follows β.
  fileprivate var line: String {
    " after \(cycles == 1 ? "" : "\(cycles) times ")\(Format.count(warmup, "epoch")) from 0"
  }
}

extension RunConfiguration {
  /// What its losses are.
  var lossMeasure: LossMeasure {
    LossMeasure(model, binarization: training.binarization)
  }
}

extension Double {
  /// Without a superfluous `.0`.
  var short: String { self == rounded() && magnitude < 1e6 ? "\(Int(self))" : "\(self)" }
}
