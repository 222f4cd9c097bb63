import Arguments
import Foundation
import LatentSpace
import Statistics
import Terminal
import VAE

/// Which numbers stand for an image.
enum CodeKind: String, CaseIterable, ExpressibleByArgument {
  case draws
  case means
}

extension Codes {
  /// One row of `kind` an image.
  func matrix(_ kind: CodeKind, seed: UInt64) -> Matrix {
    kind == .draws ? draws(seed: seed) : meanMatrix
  }
}

struct CodesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codes",
    abstract: "Hold each code coordinate against the standard normal.",
    discussion: """
      Mean, standard deviation, skewness, excess kurtosis; D, the Kolmogorov–Smirnov distance from \
      N(0, 1), and the probability of as large a D by chance; a histogram from −4 to 4. Where prior and \
      aggregate posterior agree, draws z of all images' posteriors together are N(0, I). Then the \
      aggregate posterior's distance from N(0, I), and how the codes' variance is spread over their \
      principal components.
      """)

  @OptionGroup var source: RunArgument

  @Option(help: "One draw of each image's posterior, or its mean.")
  var of: CodeKind = .draws

  @Option(help: "Which part of the data.")
  var split: SplitName = .test

  @Option(help: ArgumentHelp("The seed of the draws.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON object.")
  var json: Bool = false

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let images = try loaded.images(data, split)
    let codes = try loaded.model.encode(images.table)
    let matrix = codes.matrix(of, seed: seed)
    let components = try PrincipalComponents(Moments(matrix))
    let divergence = try AggregateDivergence(codes)
    let report = Report(
      coordinates: try (0..<codes.latent).map { dimension in
        let column = matrix.column(dimension)
        return Coordinate(
          summary: try SampleSummary(column),
          bins: BinCounts(column, bins: Self.bins, from: -4, to: 4))
      },
      aggregateDivergence: divergence.nats, explainedVariance: components.explainedVariance,
      images: codes.count, data: images.name,
      split: split.rawValue, of: of.rawValue, backend: loaded.chosen.backend.name,
      device: loaded.chosen.backend.device)
    if json {
      try printJSON(report)
    } else {
      show(report, divergence, loaded)
    }
  }

  private static let bins = 32

  private struct Coordinate: Encodable {
    let summary: SampleSummary
    let bins: BinCounts
  }

  private struct Report: Encodable {
    let coordinates: [Coordinate]
    let aggregateDivergence: Double?
    let explainedVariance: [Double]
    let images: Int
    let data: String
    let split: String
    let of: String
    let backend: String
    let device: String
  }

  private func show(_ report: Report, _ divergence: AggregateDivergence, _ loaded: LoadedRun) {
    func number(_ value: Double) -> Table.Cell { "\(Format.fixed(value, digits: 3))" }
    var table = Table([
      "": .right, "mean": .right, "deviation": .right, "skewness": .right, "kurtosis": .right,
      "D": .right, "p": .right, "−4 … 4": .left,
    ])
    for (dimension, coordinate) in report.coordinates.enumerated() {
      let summary = coordinate.summary
      table.append([
        "\(dimension)", number(summary.mean), number(summary.standardDeviation),
        number(summary.skewness), number(summary.excessKurtosis), number(summary.distance),
        number(summary.significance), "\(Self.bars(coordinate.bins.counts))",
      ])
    }
    let color = Terminal.standardOutput.hasColor
    print(table.text(hasColor: color))
    let shares = report.explainedVariance.prefix(10)
      .map { Format.percent($0) }.joined(separator: "  ")
    print(
      "aggregate posterior    \(divergence.line)\n"
        + "principal components   \(shares)\(report.explainedVariance.count > 10 ? " …" : "")\n"
        + "codes                  \(report.of) of \(Format.count(report.images)) images of "
        + "\(report.data), \(report.split)\n"
        + "backend                \(loaded.chosen.summary)")
  }

  /// Eight heights, the highest for the largest count.
  private static func bars(_ counts: [Int]) -> String {
    let heights = Array(" ▁▂▃▄▅▆▇█")
    let most = Double(counts.max() ?? 0)
    return String(
      counts.map { count in heights[Int((Double(count) / max(most, 1) * 8).rounded(.up))] })
  }
}
