import Arguments
import Backend
import Backends
import Datasets
import Files
import Terminal
import VAE

extension PublishedRun: CaseIterable, ExpressibleByArgument {
  static var allCases: [PublishedRun] { all }
  var defaultValueDescription: String { name }
}

struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train what others have published numbers for, and compare.",
    discussion: """
      Trains on MNIST and prints each number beside its target. Exit code 0: all are within their \
      tolerances; 1: one is not.
      """)

  @Argument(help: ArgumentHelp("The only run to make. (default: all)", valueName: "name"))
  var name: PublishedRun?

  @Flag(help: "Print runs, targets, tolerances and sources, and train nothing.")
  var list: Bool = false

  @Option(
    help: ArgumentHelp("The folder with MNIST's IDX files.", valueName: "dir"))
  var data: String = "mnist"

  @OptionGroup var backend: BackendOptions

  @Option(help: ArgumentHelp("The seed of every random number.", valueName: "n"))
  var seed: UInt64 = 1

  func run() throws {
    let runs = name.map { [$0] } ?? PublishedRun.all
    if list { return runs.forEach(show) }
    let dataset = try loadMNIST()
    let memory = runs.map { TrainingSession.memory($0.model, $0.training, dataset) }
      .max { $0.bytes < $1.bytes }
    let chosen = try backend.choose(memory: memory)
    print("data     \(dataset.name)\nbackend  \(chosen.summary)\n")
    let images = try ResidentImages(dataset, on: chosen.backend)
    let clock = ContinuousClock.now
    var outcomes: [Reproduction.Outcome] = []
    for run in runs {
      let reproduction = Reproduction(
        run, seed: seed, dataset: dataset, images: images, backend: chosen.backend)
      outcomes += try reproduction.outcomes()
    }
    let passed = outcomes.count { $0.passes }
    let seconds = (ContinuousClock.now - clock) / .seconds(1)
    print(
      "\(passed) of \(outcomes.count) numbers within their tolerances, on \(chosen.backend.name), "
        + "in \(Format.duration(seconds)); sources and reasons: vae reproduce --list")
    if passed < outcomes.count { throw ExitCode.failure }
  }

  private func show(_ run: PublishedRun) {
    var table = Table([
      "epochs": .right, "": .left, "target": .right, "tolerance": .right, "source": .left,
    ])
    for result in run.results {
      table.append([
        "\(result.epoch)", "\(result.metric.name)",
        "\(Format.fixed(result.target, digits: result.metric.digits))",
        "\(result.toleranceText)", "\(result.source)",
      ])
    }
    print(
      "\(run.name): \(run.command)\n\(run.model.line)\ntolerances: \(run.reason)\n"
        + table.text(hasColor: Terminal.standardOutput.hasColor))
  }

  /// The data set of all targets.
  private func loadMNIST() throws -> ImageDataset {
    guard FileSystem.isFolder(data) else { throw NotMNIST(data: data, isThere: false) }
    let dataset = try ImageDataset.load(data)
    // The sums of all pixels tell it from its like, which have the same sizes.
    let sums = [dataset.train, dataset.test].map { $0.pixels.reduce(0) { $0 + Int($1) } }
    guard sums == [1_567_298_545, 264_923_200] else { throw NotMNIST(data: data, isThere: true) }
    return dataset
  }

  /// Why nothing can be reproduced.
  private struct NotMNIST: Error, CustomStringConvertible {
    let data: String
    let isThere: Bool

    var description: String {
      (isThere ? "\(data) is not MNIST" : "there is no folder \(data)")
        + ", which the published numbers are of: get it with `vae data mnist --out mnist`, or name "
        + "its folder with --data"
    }
  }
}
