import Arguments
import Files
import Foundation
import Plots
import VAE

/// What `vae plot` can draw.
enum PlotName: String, CaseIterable, ExpressibleByArgument {
  case curves
  case kl
  case codes
  case pca
  case pca3d = "pca-3d"
  case variance
}

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw one plot of a run as SVG.",
    discussion: """
      curves: loss, reconstruction, KL and active units by epoch. kl: the KL divergence of each dimension. \
      codes: each dimension's draws beside N(0, 1). pca, pca-3d: posterior means along their principal \
      components, coloured by label. variance: how much the components explain. --with puts another run \
      beside the last three.
      """)

  @Argument(help: ArgumentHelp("What to draw.", valueName: "plot"))
  var plot: PlotName

  @OptionGroup var source: RunArgument

  @Option(
    range: .ending(in: ".svg"), help: ArgumentHelp("The picture to write.", valueName: "svg"))
  var out: String

  @Option(help: ArgumentHelp("Another run to stand beside it.", valueName: "run"))
  var with: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func validate() throws {
    if with != nil && [.curves, .kl, .codes].contains(plot) {
      throw ValidationError("--with has no meaning for \(plot.rawValue); leave it out")
    }
  }

  func run() throws {
    let runs = try PicturedRun.pair(source.run, with: with, data, backend)
    let picture = try picture(runs)
    try FileSystem.write(Data(picture.file.utf8), to: out)
    print("\(out): \(plot.rawValue) of \(source.run), \(runs[0].loaded.chosen.summary)")
  }

  private func picture(_ runs: [PicturedRun]) throws -> any Plot {
    let run = runs[0]
    if plot == .curves {
      let metrics = try run.loaded.folder.readMetrics()
      guard let plots = TrainingPlots(metrics, of: run.model.configuration) else {
        throw NoMetrics(path: run.loaded.folder.metrics)
      }
      return PlotGrid("training of \(run.name)", plots.all.map(\.plot), columns: 2)
    }
    let codes = try runs.map(CodePlots.init)
    return switch plot {
    case .kl: codes[0].bars
    case .codes: PlotGrid("codes of \(run.name)", codes[0].histograms, columns: 5)
    case .pca: PlotGrid("codes", codes.map { $0.cloud(dimensions: 2) }, columns: 2)
    case .pca3d: PlotGrid("codes", codes.map { $0.cloud(dimensions: 3) }, columns: 2)
    case .variance, .curves: CodePlots.explainedVariance(codes)
    }
  }
}

/// A run without a finished epoch.
struct NoMetrics: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "\(path) has no finished epoch: name the folder of a run that has one"
  }
}
