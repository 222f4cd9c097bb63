import Arguments
import Backend
import Foundation
import Terminal
import VAE

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's loss, reconstruction and KL divergence on a data set.",
    discussion: """
      All are averages over images; the KL divergence is in closed form, the reconstruction averaged \
      over draws of z. A latent dimension is active where its posterior mean varies over the data by \
      more than 0.01 (Burda et al. 2016).
      """)

  @OptionGroup var source: RunArgument
  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  @Option(help: "Which part of the data.")
  var split: SplitName = .test

  @Option(
    range: .between(1, and: 1 << 24), help: ArgumentHelp("Draws of z an image.", valueName: "k"))
  var samples: Int = 1

  @Flag(help: "Print one JSON object.")
  var json: Bool = false

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let (_, images) = try loaded.images(data, split)
    let evaluation = try loaded.model.evaluate(
      images, samples: samples, beta: loaded.beta, seed: loaded.configuration?.training.seed ?? 1)
    let backend = loaded.chosen.backend
    if json {
      let report = Report(evaluation, backend: backend.name, device: backend.device)
      print(String(decoding: try JSON.encode(report), as: UTF8.self))
    } else {
      printTable(evaluation, loaded)
    }
  }

  private func printTable(_ evaluation: Evaluation, _ loaded: LoadedRun) {
    func number(_ value: Double) -> String { Format.fixed(value, digits: 4) }
    let unit = loaded.model.configuration.likelihood == .bernoulli ? "nats" : "squared error"
    var table = Table(["": .left, "per image": .right, "unit": .left])
    table.append([
      "loss", "\(number(evaluation.loss))", "\(loaded.model.configuration.likelihood.unit)",
    ])
    table.append(["reconstruction", "\(number(evaluation.reconstruction))", "\(unit)"])
    table.append(["KL divergence", "\(number(evaluation.kl))", "nats"])
    let color = Terminal.standardOutput.hasColor
    print(table.text(hasColor: color))
    let dimensions = evaluation.klPerDimension.enumerated().sorted { $0.element > $1.element }
    print(
      "KL per dimension  "
        + dimensions.map { "\($0.offset): \(Format.fixed($0.element, digits: 3))" }
        .joined(separator: "  "))
    print(
      "active units      \(evaluation.activeUnits) of \(evaluation.klPerDimension.count)\n"
        + "images            \(Format.count(evaluation.images)) (\(split.rawValue))\n"
        + "backend           \(loaded.chosen.summary)")
  }

  /// The JSON object.
  private struct Report: Encodable {
    let loss: Double
    let reconstruction: Double
    let kl: Double
    let klPerDimension: [Double]
    let activeUnits: Int
    let images: Int
    let backend: String
    let device: String

    init(_ evaluation: Evaluation, backend: String, device: String) {
      loss = evaluation.loss
      reconstruction = evaluation.reconstruction
      kl = evaluation.kl
      klPerDimension = evaluation.klPerDimension
      activeUnits = evaluation.activeUnits
      images = evaluation.images
      self.backend = backend
      self.device = device
    }
  }
}
