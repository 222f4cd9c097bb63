import Arguments
import Testing

@Suite struct HelpTests {
  static let rootHelp = """
    OVERVIEW: Trains a model.

    It does so on whatever the machine has.

    USAGE: tool <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      train                   Trains, and writes a run folder.
      evaluate                Measures a model.
      data                    Fetches data sets.
      fail                    Fails.

      See 'tool help <subcommand>' for detailed help.

    """

  static let trainHelp = """
    OVERVIEW: Trains, and writes a run folder.

    USAGE: tool train [<options>]

    OPTIONS:
      --epochs <n>            How often every image is seen. (at least 1; default:
                              10)
      --learning-rate <x>     Adam's step size. (greater than 0; default: 0.001)
      --beta <beta>           Weight of the KL term. (between 0 and 1; default: 1)
      --seed <seed>           Where randomness begins. (default: 0)
      --encoder <n,n…>        Widths of the encoder's layers. (at least 1 each)
                              The preset's otherwise.
      --posterior <posterior> What the encoder says of the spread. (values:
                              log-variance, sigma; default: log-variance)
      --resume <resume>       Continues a run.
      --quiet                 Prints less.
      -h, --help              Show help information.

    DEVICES:
      --backend <backend>     What computes. (default: auto)
      --require-gpu           Fails without a GPU.

    """

  static let evaluateHelp = """
    OVERVIEW: Measures a model.

    USAGE: tool evaluate <run> --out <out> [--shift <shift>] [--nll [<nll>]]

    ARGUMENTS:
      <run>                   A run folder or a model file.

    OPTIONS:
      --out <out>             Where the result goes.
      --shift <shift>
      --nll [<nll>]           (at least 1; 5000 without a value)
      -h, --help              Show help information.

    """

  static let texts = [
    "": rootHelp, "-h": rootHelp, "--help": rootHelp, "help": rootHelp,
    "train --help": trainHelp, "train -h": trainHelp, "help train": trainHelp,
    "train --epochs abc --bogus --help": trainHelp, "evaluate --out --help": evaluateHelp,
    "evaluate -h": evaluateHelp,
  ]

  @Test(arguments: texts.sorted { $0.key < $1.key })
  func text(_ line: String, _ expected: String) {
    #expect(Tool.outcome(of: words(line), columns: 80) == Outcome(output: expected))
  }

  @Test func familiesShowTheirSubcommands() {
    let help = Tool.outcome(of: ["data"], columns: 80)
    #expect(help.output.contains("USAGE: tool data <subcommand>\n"))
    #expect(help.output.contains("\n  mnist                   Downloads MNIST.\n"))
    #expect(!help.output.contains("--version"))
    #expect(help == Tool.outcome(of: ["data", "--help"], columns: 80))
    #expect(
      Tool.outcome(of: ["help", "data", "mnist"], columns: 80).output.contains(
        "(default: data/mnist)"))
    // A list that is empty has no spelling.
    #expect(
      Tool.outcome(of: ["help", "data", "mnist"], columns: 80).output.contains("Further folders.\n")
    )
  }

  @Test(arguments: [40, 60, 80, 100, 200]) func linesFit(columns: Int) {
    for line in ["", "train -h", "evaluate -h", "data mnist -h"] {
      let help = Tool.outcome(of: words(line), columns: columns).output
      for line in help.split(separator: "\n") {
        // Descriptions keep twenty columns, and the hint at the end is not broken.
        #expect(line.count <= max(columns, 26 + 20, 50), "\(line)")
      }
    }
  }

  @Test func wrapping() {
    #expect(wrapped("", columns: 30) == "")
    #expect(
      wrapped("one two three four five", columns: 22, indent: 2) == "  one two three four\n  five")
    #expect(wrapped("one\n\ntwo", columns: 80, indent: 1) == " one\n\n two")
    let long = String(repeating: "x", count: 50)
    #expect(wrapped("a \(long) b", columns: 20) == "a\n\(long)\nb")
  }
}
