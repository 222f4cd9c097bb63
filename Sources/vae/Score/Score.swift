import Arguments
import Backend
import Datasets
import Files
import Foundation
import Terminal
import VAE

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Score images by how anomalous they are, and say how well that finds known anomalies.",
    discussion: """
      Higher is more anomalous. With labels, those of --anomalous count as anomalies, by default those \
      that the run was not trained on (vae train --train-on-labels): then AUROC, AUPRC and a histogram of \
      both kinds follow.
      """)

  @OptionGroup var source: RunArgument
  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  @Option(help: "By what. (default: elbo; of a plain autoencoder reconstruction)")
  var by: AnomalyScore?

  @Option(help: "Which part of the data.")
  var split: SplitName = .test

  @Option(
    range: .between(1, and: 1 << 24),
    help: ArgumentHelp(
      "Draws of z an image, for elbo, reconstruction (default: 1) and nll (default: 100).",
      valueName: "k"))
  var samples: Int?

  @Option(
    range: .between(1, and: 1 << 20),
    help: ArgumentHelp(
      "Steps by which regret refines each posterior. (default: \(RefinementSettings().steps))",
      valueName: "n"))
  var steps: Int?

  @Option(
    range: .atLeast(1),
    help: ArgumentHelp("Take the first n images alone. (default: all)", valueName: "n"))
  var images: Int?

  @Option(
    range: .each(.between(0, and: 255)),
    help: ArgumentHelp(
      "Labels of anomalies. (default: those that the run was not trained on)", valueName: "n,n…"))
  var anomalous: [Int]?

  @Option(
    range: .ending(in: ".npy", ".csv"),
    help: ArgumentHelp(
      "Where to write the scores: .npy, float32, or .csv with index, score and label.",
      valueName: "file"))
  var out: String?

  @Option(
    range: .ending(in: ".svg"), help: ArgumentHelp("The histogram to draw.", valueName: "svg"))
  var histogram: String?

  @Flag(help: "Print one JSON object.")
  var json: Bool = false

  func validate() throws {
    if let by, samples != nil && !by.takesSamples {
      throw ValidationError("--samples goes with --by elbo, reconstruction or nll")
    }
    if steps != nil && by != .regret { throw ValidationError("--steps goes with --by regret") }
  }

  func run() throws {
    for path in [out, histogram].compactMap({ $0 }) { try FileSystem.checkWritable(path) }
    let by = try by ?? SavedRun(source.run).file.configuration.lossScore
    let loaded = try LoadedRun(
      source.run, backend: backend,
      workspace: {
        Workspace(
          codes: by == .nll ? GraphPlan.codes(for: $0) : nil, hasCodeGradient: by == .regret)
      })
    let images = try loaded.images(data, split, first: self.images, labels: .all)
    let isAnomalous = try anomalies(images, loaded)
    let scores = try withProgress(by.rawValue, of: images.split.count, by.unit) { report in
      try loaded.model.scores(
        images.table, by: by, samples: samples ?? (by == .nll ? 100 : 1),
        steps: steps ?? RefinementSettings().steps, seed: loaded.seed
      ) { report($0, of: $1) }
    }
    for (image, score) in scores.enumerated() {
      try NotFinite.check(score, "the score of image \(image)")
    }
    let report = ScoreReport(
      by: by, scores: scores, isAnomalous: isAnomalous, images: images, split: split,
      chosen: loaded.chosen)
    if let out { try report.write(to: out) }
    if let histogram { try report.write(histogram: histogram) }
    if json {
      try printJSON(report.summary)
    } else {
      print(report.text)
      for path in [out, histogram].compactMap({ $0 }) { print("written           \(path)") }
    }
  }

  /// Which images are anomalies; `nil` where nothing says so.
  private func anomalies(_ images: LoadedImages, _ loaded: LoadedRun) throws -> [Bool]? {
    let trained = loaded.configuration?.trainedLabels
    guard let labels = images.split.labels else {
      if anomalous != nil {
        throw DatasetError.withoutLabels(name: images.name, need: "--anomalous")
      }
      return nil
    }
    if let anomalous, let unknown = anomalous.first(where: { !labels.contains(UInt8($0)) }) {
      throw DatasetError.noSuchLabels(
        name: images.name, labels: [unknown], present: Set(labels.map(Int.init)).sorted())
    }
    if let anomalous { return labels.map { anomalous.contains(Int($0)) } }
    return trained.map { trained in labels.map { !trained.contains(Int($0)) } }
  }
}

extension AnomalyScore: ExpressibleByArgument {
  /// Whether it averages over draws of z.
  var takesSamples: Bool { self == .elbo || self == .reconstruction || self == .nll }

  /// What its progress counts.
  var unit: String { self == .nll ? "draws" : self == .regret ? "steps" : "images" }
}
