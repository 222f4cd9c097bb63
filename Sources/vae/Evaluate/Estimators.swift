import Arguments
import Backend
import Files
import Foundation
import Plots
import Terminal
import VAE

struct Estimators: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare how much estimators of the encoder's gradient vary.",
    discussion: """
      The gradient of −ELBO with respect to the encoder's output, from one draw of z: by \
      reparameterization (Kingma and Welling 2013), and by the score function (Williams 1992) without \
      and with a baseline. Variances are summed over the means and spreads of all latent dimensions and \
      averaged over images.
      """)

  @OptionGroup var source: RunArgument
  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  @Option(help: "Which part of the data.")
  var split: SplitName = .test

  @Option(
    range: .between(2, and: 1 << 16), help: ArgumentHelp("Draws of z an image.", valueName: "k"))
  var draws: Int = 1000

  @Option(
    range: .between(1, and: 1 << 24),
    help: ArgumentHelp("How many images, the first ones.", valueName: "n"))
  var images: Int = 100

  @Option(help: ArgumentHelp("The seed of the draws.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    range: .ending(in: ".svg"),
    help: ArgumentHelp(
      "Write a plot of each latent dimension's variance, as SVG.", valueName: "svg"))
  var plot: String?

  @Flag(help: "Print one JSON object.")
  var json: Bool = false

  func run() throws {
    if let plot { try FileSystem.checkWritable(plot) }
    let loaded = try LoadedRun(
      source.run, backend: backend,
      workspace: {
        let codes = max(draws, GraphPlan.codes(for: $0, hasCodeGradient: true))
        return Workspace(codes: codes, hasCodeGradient: true)
      })
    let images = try loaded.images(data, split, first: images)
    let variances = try withProgress("gradients", of: images.split.count) { report in
      try loaded.model.gradientVariances(images.table, draws: draws, seed: seed) { report($0) }
    }
    if let plot { try FileSystem.write(Data(picture(variances).file.utf8), to: plot) }
    if json {
      let report = Report(
        draws: draws, images: images.split.count, estimators: variances,
        backend: loaded.chosen.backend.name, device: loaded.chosen.backend.device,
        data: images.name, split: split.rawValue)
      try printJSON(report)
    } else {
      print(table(variances))
      print(
        "images   \(Format.count(images.split.count)) of \(images.name), \(split.rawValue), "
          + "\(Format.count(draws)) draws each\nbackend  \(loaded.chosen.summary)"
          + (plot.map { "\nplot     \($0)" } ?? ""))
    }
  }

  private func table(_ variances: [EstimatorVariance]) -> String {
    let unit = variances.first?.variance ?? 0
    var table = Table([
      "gradient by": .left, "variance": .right, "of the means": .right, "of the spreads": .right,
      "draws for the same": .right,
    ])
    for result in variances {
      table.append([
        "\(result.estimator.rawValue)", "\(number(result.variance))",
        "\(number(result.meanVariances.reduce(0, +)))",
        "\(number(result.spreadVariances.reduce(0, +)))", "\(number(result.variance / unit))",
      ])
    }
    let signal = variances.first.map { number($0.squaredMean) } ?? ""
    return table.text(hasColor: Terminal.standardOutput.hasColor)
      + "\nThe mean gradient's squared length is \(signal).\n"
  }

  private func number(_ value: Double) -> String { String(format: "%.4g", value) }

  private func picture(_ variances: [EstimatorVariance]) -> LinePlot {
    // Dimensions in the order of what reparameterization makes of them: a line, not a zigzag.
    let reference = variances.first?.meanVariances ?? []
    let order = reference.indices.sorted { reference[$0] < reference[$1] }
    return LinePlot(
      quantity: "variance of one draw's gradient with respect to μ",
      lines: variances.map { result in
        LinePlot.Line(
          name: result.estimator.rawValue, values: order.map { result.meanVariances[$0] })
      },
      isLogarithmic: true, first: 1,
      counted: "latent dimension, by its variance under reparameterization")
  }

  /// The JSON object.
  private struct Report: Encodable {
    let draws: Int
    let images: Int
    let estimators: [EstimatorVariance]
    let backend: String
    let device: String
    let data: String
    let split: String
  }
}
