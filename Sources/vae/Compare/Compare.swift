import Arguments
import BLASBackend
import Backend
import Backends
import Datasets
import Files
import Foundation
import OpenCLBackend
import Parity
import Terminal
import VAE

extension ComparisonSection: ExpressibleByArgument {}
extension Extent: ExpressibleByArgument {}
extension Tuning: ExpressibleByArgument {}

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hold backends against the Double reference, and against one another.",
    discussion: """
      Five sections: operations, each at many shapes and on many kinds of data, within derived bounds; \
      gradients; random numbers; training steps, in lockstep with the reference and left to \
      themselves; determinism. Exit code 0: all within bounds; 1: some bound is broken, and the \
      verdict says which first; 2: wrong usage.
      """)

  @Option(help: "The model and its training. (default: pytorch)")
  var preset: Preset?

  @OptionGroup var source: Source

  @Option(
    help: ArgumentHelp(
      "What to compare: blas, opencl:0, reference. (default: blas and every OpenCL device)",
      valueName: "list"))
  var backends: [String]?

  @OptionGroup var data: DataOptions

  @Option(
    range: .between(2, and: 10_000), help: ArgumentHelp("Steps of a free run.", valueName: "n"))
  var steps: Int = 16

  @Option(
    range: .between(1, and: 4096),
    help: ArgumentHelp("Images a step. (default: the preset's)", valueName: "n"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("The seed of all inputs, weights and noise.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "The folder with the OpenCL kernels. (default: $VAE_KERNELS, else those of the program)",
      valueName: "dir"))
  var kernels: String?

  @Option(
    help: """
      How much the section on operations tries: small and awkward shapes, those and every matrix of \
      the presets, or hundreds more.
      """)
  var extent: Extent = .quick

  @Option(help: "Which OpenCL kernels: the device type's, or those for CPUs or GPUs on any device.")
  var tuning: Tuning = .automatic

  @Option(help: "The only section to run.")
  var only: ComparisonSection?

  @Option(help: ArgumentHelp("Write everything that was found, as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write a page with plots.", valueName: "file"))
  var html: String?

  /// Apart, because `run` is what a command does.
  struct Source: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "Take model and training from a run, in place of a preset.", valueName: "run"))
    var run: String?
  }

  func validate() throws {
    if preset != nil && source.run != nil {
      throw ValidationError("--preset and --run both name a model; give one of them")
    }
    if backends?.isEmpty == true { throw ValidationError("--backends names none") }
  }

  func run() throws {
    let candidates = try makeCandidates()
    let subject = try makeSubject()
    let environment = ComparisonEnvironment(
      candidates: candidates,
      buildOptions: candidates.compactMap { ($0.backend as? OpenCLBackend)?.buildOptions },
      model: subject.model.summary, seed: seed,
      command: (["vae"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
        + (CommandLine.arguments.contains("--seed") ? "" : " --seed \(seed)"),
      version: programVersion)
    let terminal = Terminal.standardOutput
    let text = ComparisonText(hasColor: terminal.hasColor)
    terminal.write(text.heading(environment))
    let plan = ComparisonPlan(
      subject: subject, sections: only.map { [$0] } ?? ComparisonSection.allCases, steps: steps,
      extent: extent)
    let comparison = try compare(candidates, plan, environment: environment) { section, verdict in
      if let verdict {
        if terminal.isInteractive { terminal.write("\r") }
        terminal.write(text.verdict(verdict))
      } else if terminal.isInteractive {
        terminal.write("\r\(section.rawValue)…")
      }
    }
    terminal.write(text.tables(comparison))
    if let json { try FileSystem.write(try JSON.encode(comparison), to: json) }
    if let html {
      try FileSystem.write(Data(ComparisonPage(comparison).text.utf8), to: html)
    }
    if !comparison.passes { throw ExitCode.failure }
  }

  private func makeCandidates() throws -> [Candidate] {
    let names =
      backends
      ?? (["blas"] + Inventory.current(kernels: kernels).devices.map { "opencl:\($0.index)" })
    return try names.map { name in
      let request: BackendRequest
      do {
        request = try BackendRequest(name)
      } catch {
        throw ValidationError("\(error)")
      }
      if tuning != .automatic, case .openclIndex(let index) = request {
        let sources = try KernelSources(explicit: kernels)
        return Candidate(
          name: "\(name) (\(tuning))",
          backend: try OpenCLBackend(device: index, kernels: sources, tuning: tuning))
      }
      let backend = try chooseBackend(request, kernels: kernels).backend
      guard let blas = backend as? BLASBackend, blas.threads > 1 else {
        return Candidate(name: name, backend: backend)
      }
      return Candidate(
        name: name, backend: backend, variants: [("1 thread", BLASBackend(threads: 1))])
    }
  }

  private func makeSubject() throws -> TrainingSubject {
    let configuration = try source.run.map { try RunFolder($0).readConfiguration() }
    let preset = preset ?? .pytorch
    var model = configuration?.model ?? preset.model
    var training = configuration?.training ?? preset.training
    training.seed = seed
    training.batchSize = batchSize ?? training.batchSize
    let name = data.data ?? configuration?.data ?? "digits"
    let dataset =
      name == "digits"
      ? Digits.dataset(seed: 1, trainCount: steps * training.batchSize, testCount: 1)
      : try ImageDataset.load(name)
    if configuration == nil {
      (model.imageWidth, model.imageHeight) = (dataset.width, dataset.height)
    } else if (model.imageWidth, model.imageHeight) != (dataset.width, dataset.height) {
      throw DataMismatch(
        data: dataset.name, found: (dataset.width, dataset.height),
        expected: (model.imageWidth, model.imageHeight))
    }
    let wanted = min(dataset.train.count, steps * training.batchSize)
    return TrainingSubject(
      model: model, training: training,
      images: Array(dataset.train.pixels.prefix(wanted * model.pixels)))
  }
}
