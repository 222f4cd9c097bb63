import Arguments
import Files
import Foundation
import OpenCLBackend
import Parity
import Terminal
import VAE

extension ComparisonSection: ExpressibleByArgument {}
extension Extent: ExpressibleByArgument {}
extension Tuning: ExpressibleByArgument {}

/// An operation, by its name in the comparison's tables.
struct CheckedOperation: CaseIterable, ExpressibleByArgument {
  static let allCases = checkedOperations.map(Self.init)

  let name: String

  var defaultValueDescription: String { name }
}

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hold backends against the Double reference, and against one another.",
    discussion: """
      Five sections: operations, each at many shapes and on many kinds of data, within derived bounds; \
      gradients; random numbers; training steps, in lockstep with the reference and left to \
      themselves; determinism. Exit code 0: all within bounds; 1: some bound is broken, and the \
      verdict says which first; 2: nothing was compared, because something asked for is wrong, not \
      there or cannot be used, or all is within bounds and a report cannot be written.
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
    help: ArgumentHelp("Images a step. (default: the preset's or the run's)", valueName: "n"))
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
      How much the section on operations tries: shapes around the edges of vectors and tiles, those \
      and long sums, those and every matrix of the presets and the model, or hundreds more.
      """)
  var extent: Extent = .quick

  @Option(help: "Which OpenCL kernels: the device type's, or those for CPUs or GPUs on any device.")
  var tuning: Tuning = .automatic

  @OptionGroup var tiles: TileOptions

  @Option(help: "The only section to run.")
  var only: ComparisonSection?

  @Option(
    help: ArgumentHelp(
      "The only operation to try; the other sections are left out.", valueName: "name"))
  var operation: CheckedOperation?

  @Option(help: ArgumentHelp("Write everything that was found, as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write a page with plots.", valueName: "file"))
  var html: String?

  /// Apart, because `run` is what a command does.
  struct Source: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "Take model, weights and training from a run, in place of a preset.", valueName: "run"))
    var run: String?
  }

  func validate() throws {
    if preset != nil && source.run != nil {
      throw ValidationError("--preset and --run both name a model; give one of them")
    }
    if let json, json == html { throw ValidationError("--json and --html name the same file") }
    if let only, operation != nil, only != .operations {
      throw ValidationError(
        "--operation is of the section on operations; leave out --only \(only.rawValue)")
    }
  }

  func run() throws {
    let report: ComparisonReport
    do {
      report = try compare()
    } catch let error as ValidationError {
      throw error
    } catch {
      // 1 would say that a bound is broken.
      complain(of: error)
      throw ExitCode.usage
    }
    let isWritten = write(report)
    if !report.comparison.passes { throw ExitCode.failure }
    if !isWritten { throw ExitCode.usage }
  }

  /// Writes what was asked for, one file whatever becomes of the other; whether all of it could be.
  private func write(_ report: ComparisonReport) -> Bool {
    var isComplete = true
    func write(to path: String?, _ content: () throws -> Data) {
      guard let path else { return }
      do {
        try FileSystem.write(try content(), to: path)
      } catch {
        complain(of: error)
        isComplete = false
      }
    }
    write(to: json) { try JSON.encode(report) }
    write(to: html) { Data(ComparisonPage(report).text.utf8) }
    return isComplete
  }

  private func complain(of error: any Error) {
    Terminal.standardError.write("error: \(error)\n")
  }

  private func compare() throws -> ComparisonReport {
    for path in [json, html].compactMap({ $0 }) { try FileSystem.checkWritable(path) }
    let subject = try makeSubject()
    let candidates = try makeCandidates()
    let environment = try describe(candidates, subject)
    let terminal = Terminal.standardOutput
    let text = ComparisonText(terminal)
    terminal.write(text.heading(environment))
    let section = operation == nil ? only : .operations
    let plan = ComparisonPlan(
      subject: subject.training,
      sections: section.map { [$0] } ?? ComparisonSection.allCases,
      operations: operation.map { [$0.name] }, steps: steps, extent: extent)
    var (live, begin) = (LiveProgress(), ContinuousClock.now)
    let comparison = try Parity.compare(candidates.map(\.candidate), plan) { section, verdict in
      live.erase()
      terminal.write(verdict.map(text.verdict) ?? text.announcement(section))
      begin = ContinuousClock.now
    } progress: { step in
      live.update(
        Progress(
          label: ComparisonSection.trajectory.rawValue, completed: step, total: steps,
          seconds: (ContinuousClock.now - begin) / .seconds(1), unit: .items("steps")))
    }
    let report = ComparisonReport(environment: environment, comparison: comparison)
    terminal.write(text.tables(report))
    return report
  }
}
