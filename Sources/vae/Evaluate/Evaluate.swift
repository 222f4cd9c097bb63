import Arguments
import Backend
import Foundation
import LatentSpace
import Terminal
import VAE

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's loss, reconstruction and KL divergence on a data set.",
    discussion: """
      All are averages over images; the KL divergence is in closed form, the reconstruction averaged \
      over draws of z. A latent dimension is active where its posterior mean varies over the data by \
      more than 0.01 (Burda et al. 2016). The aggregate posterior is that of all images together; its \
      distance from N(0, I) is the KL divergence of the Gaussian with its mean and covariance. A plain \
      autoencoder has no KL divergence and draws nothing.

      --nll estimates ln p(x) by importance sampling (Burda et al. 2016), with the bound that fewer draws \
      give; --refine the amortization gap (Cremer et al. 2018).
      """)

  @OptionGroup var source: RunArgument
  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  @Option(help: "Which part of the data.")
  var split: SplitName = .test

  @Option(
    range: .between(1, and: 1 << 24), help: ArgumentHelp("Draws of z an image.", valueName: "k"))
  var samples: Int = 1

  @Option(
    help: ArgumentHelp(
      "A second run, on the same images; refused where its losses are of another kind.",
      valueName: "run"))
  var beside: String?

  @OptionGroup var inference: InferenceOptions

  @Flag(help: "Print one JSON object.")
  var json: Bool = false

  func validate() throws {
    if beside != nil, let option = firstGiven(of: "--json", "--nll", "--refine", "--images") {
      throw ValidationError("\(option) is of one run; leave out --beside and call it for each")
    }
  }

  func run() throws {
    if let beside { return try compare(with: beside) }
    let loaded = try LoadedRun(
      source.run, backend: backend, workspace: inference.workspace)
    try checkSamples(of: source.run, loaded.saved)
    let images = try loaded.images(data, split, first: inference.images)
    let seed = loaded.seed
    let evaluation = try evaluate(
      loaded, source.run, images.table, beta: loaded.beta, seed: seed)
    let aggregate = try AggregateDivergence(
      loaded.model.encode(
        images.table, through: loaded.model.configuration.corruption, seed: seed))
    let results = try inference.results(
      of: loaded.model, images.table, beta: loaded.beta, seed: seed)
    let backend = loaded.chosen.backend
    if json {
      let report = Report(
        evaluation, results, aggregatePosteriorKl: aggregate.nats, data: images.name,
        split: split.rawValue, backend: backend.name, device: backend.device)
      try printJSON(report)
    } else {
      printTable(evaluation, aggregate, results, loaded, images)
    }
  }

  /// - Throws: `ValidationError` where a run draws none of the samples asked for.
  func checkSamples(of run: String, _ saved: SavedRun) throws(ValidationError) {
    if samples > 1 && saved.file.configuration.encoderForm == .deterministic {
      throw ValidationError(
        "--samples averages over draws of z, and \(run) is a plain autoencoder, which draws none; "
          + "leave it out")
    }
  }

  /// - Throws: `NotFinite` where the model says nothing about the data.
  func evaluate(
    _ loaded: LoadedRun, _ run: String, _ images: PixelTable, beta: Double, seed: UInt64
  ) throws -> Evaluation {
    let evaluation = try loaded.model.evaluate(images, samples: samples, beta: beta, seed: seed)
    try NotFinite.check(evaluation.loss, "the loss of \(run)")
    return evaluation
  }

  private func printTable(
    _ evaluation: Evaluation, _ aggregate: AggregateDivergence, _ results: InferenceResults,
    _ loaded: LoadedRun, _ images: LoadedImages
  ) {
    func number(_ value: Double) -> String { Format.fixed(value, digits: 4) }
    let model = loaded.model.configuration
    var table = Table(["": .left, "per image": .right, "unit": .left])
    table.append(["loss", "\(number(evaluation.loss))", "\(model.lossUnit)"])
    table.append([
      "reconstruction", "\(number(evaluation.reconstruction))",
      "\(model.likelihood.reconstructionUnit)",
    ])
    if let divergence = evaluation.kl {
      table.append(["KL divergence", "\(number(divergence))", "nats"])
      if loaded.beta != 1 {
        table.append(["β, KL's weight in the loss", "\(number(loaded.beta))", ""])
      }
    }
    let color = Terminal.standardOutput.hasColor
    print(table.text(hasColor: color))
    if !evaluation.klPerDimension.isEmpty { printDivergences(evaluation.klPerDimension) }
    let inference = results.text(hasColor: color)
    if !inference.isEmpty { print(inference) }
    print(
      "active units      \(evaluation.activeUnits) of \(model.latent)\n"
        + "aggregate         \(aggregate.line)\n"
        + "images            \(Format.count(evaluation.images)) of \(images.name), \(split.rawValue)"
        + (model.corruption.map { ", seen through \($0)" } ?? "") + "\n"
        + (loaded.configuration?.training.bound?.importanceSamples.map {
          "loss              of the ELBO; the bound that was trained is that of --nll \($0)\n"
        } ?? "")
        + "backend           \(loaded.chosen.summary)")
  }

  private func printDivergences(_ divergences: [Double]) {
    let dimensions = divergences.enumerated().sorted { $0.element > $1.element }
    print("KL per dimension, largest first")
    for start in stride(from: 0, to: dimensions.count, by: 6) {
      print(
        dimensions[start...].prefix(6).map { dimension, divergence in
          let text = "\(dimension): \(Format.fixed(divergence, digits: 3))"
          return "  " + text + String(repeating: " ", count: max(0, 10 - text.count))
        }.joined())
    }
    print()
  }

  /// The JSON object.
  private struct Report: Encodable {
    let loss: Double
    let reconstruction: Double
    /// Absent, as the next, for a plain autoencoder.
    let kl: Double?
    let klPerDimension: [Double]?
    let activeUnits: Int
    let aggregatePosteriorKl: Double?
    let images: Int
    let backend: String
    let device: String
    let data: String
    let split: String
    let likelihood: LikelihoodReport?
    let refinement: RefinementReport?

    init(
      _ evaluation: Evaluation, _ results: InferenceResults, aggregatePosteriorKl: Double?,
      data: String, split: String,
      backend: String, device: String
    ) {
      loss = evaluation.loss
      reconstruction = evaluation.reconstruction
      kl = evaluation.kl
      klPerDimension = kl == nil ? nil : evaluation.klPerDimension
      activeUnits = evaluation.activeUnits
      self.aggregatePosteriorKl = aggregatePosteriorKl
      images = evaluation.images
      self.backend = backend
      self.device = device
      self.data = data
      self.split = split
      likelihood = results.likelihood.map { LikelihoodReport($0) }
      refinement = results.refinement.map { RefinementReport($0, steps: results.steps) }
    }
  }
}
