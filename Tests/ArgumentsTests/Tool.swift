import Arguments
import Foundation

/// A command tree of the shapes that `vae` has.
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tool", abstract: "Trains a model.",
    discussion: "It does so on whatever the machine has.", version: "1.2.3",
    subcommands: [Train.self, Evaluate.self, DataCommands.self, Fail.self])
}

enum Posterior: String, CaseIterable, ExpressibleByArgument {
  case logVariance = "log-variance"
  case sigma
}

struct SharedOptions: ParsableArguments {
  @Option(help: "What computes.")
  var backend = "auto"

  @Flag(help: "Fails without a GPU.")
  var requireGPU = false

  mutating func validate() throws {
    if requireGPU, backend == "blas" {
      throw ValidationError("--require-gpu contradicts --backend blas")
    }
  }
}

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Trains, and writes a run folder.")

  @Option(range: .atLeast(1), help: ArgumentHelp("How often every image is seen.", valueName: "n"))
  var epochs = 10

  @Option(range: .above(0), help: ArgumentHelp("Adam's step size.", valueName: "x"))
  var learningRate = 1e-3

  @Option(range: .between(0, and: 1), help: "Weight of the KL term.")
  var beta: Float = 1

  @Option(help: "Where randomness begins.")
  var seed: UInt64 = 0

  @Option(
    range: .each(.atLeast(1)),
    help: ArgumentHelp(
      "Widths of the encoder's layers.", discussion: "The preset's otherwise.", valueName: "n,n…"))
  var encoder: [Int]?

  @Option(help: "What the encoder says of the spread.")
  var posterior = Posterior.logVariance

  @Option(help: "Continues a run.")
  var resume: String?

  @Flag(help: "Prints less.")
  var quiet = false

  @OptionGroup(title: "Devices")
  var shared: SharedOptions

  mutating func validate() throws {
    if resume != nil, encoder != nil {
      throw ValidationError("--encoder cannot be changed by --resume")
    }
  }

  mutating func run() throws {}
}

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Measures a model.")

  @Argument(help: ArgumentHelp("A run folder or a model file.", valueName: "run"))
  var model: String

  @Option(help: "Where the result goes.")
  var out: String

  @Option(help: "")
  var shift: Double?

  @Option(range: .atLeast(1), implied: 5000, help: "")
  var nll: Int?

  mutating func run() throws {}
}

struct DataCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetches data sets.", subcommands: [MNIST.self])
}

struct MNIST: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Downloads MNIST.")

  @Option(help: "The folder to fill.")
  var out = "data/mnist"

  @Option(range: .ending(in: ".png", ".gif"), help: "A picture of it.")
  var picture: String?

  @Option(help: "Further folders.")
  var beside: [String] = []

  mutating func run() throws {}
}

/// Ends in the way its argument says.
struct Fail: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Fails.")

  enum Way: String, CaseIterable, ExpressibleByArgument {
    case typed, foundation, exit, validation
  }

  struct Broken: Error, CustomStringConvertible { let description = "the disk is full" }

  @Argument(help: "How.")
  var way: Way

  mutating func run() throws {
    switch way {
    case .typed: throw Broken()
    case .foundation: throw CocoaError(.fileNoSuchFile)
    case .exit: throw ExitCode(rawValue: 130)
    case .validation: throw ValidationError("the model has 3 pixels, the data 4")
    }
  }
}
