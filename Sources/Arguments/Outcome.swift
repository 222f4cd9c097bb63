import Foundation
import Terminal

/// How a process ends. Thrown from `run()`, it ends the process without another word.
public struct ExitCode: Error, RawRepresentable, Hashable, Sendable {
  /// What the shell sees.
  public let rawValue: Int32

  /// Any code.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// 0: done.
  public static let success = ExitCode(rawValue: 0)
  /// 1: the work failed.
  public static let failure = ExitCode(rawValue: 1)
  /// 2: the command line is wrong.
  public static let usage = ExitCode(rawValue: 2)
}

/// What a finished command leaves to say.
package struct Outcome: Equatable {
  package var output: String
  package var error: String
  package var code: ExitCode

  package init(output: String = "", error: String = "", code: ExitCode = .success) {
    self.output = output
    self.error = error
    self.code = code
  }
}

extension ParsableCommand {
  /// Parses the process's arguments, runs the command they ask for and ends the process: with 0 when it is
  /// done, 1 when it failed, 2 when the arguments are wrong.
  public static func main() -> Never { main(Array(CommandLine.arguments.dropFirst())) }

  /// The same for other arguments.
  public static func main(_ arguments: [String]) -> Never {
    let outcome = outcome(of: arguments, columns: Terminal.standardOutput.columns)
    // What the command printed comes before what is said about its end.
    print(outcome.output, terminator: "")
    if fflush(nil) != 0 {
      let reason = String(cString: strerror(errno))
      FileHandle.standardError.write(
        Data("error: cannot write to standard output: \(reason)\n".utf8))
      exit(ExitCode.failure.rawValue)
    }
    FileHandle.standardError.write(Data(outcome.error.utf8))
    exit(outcome.code.rawValue)
  }

  /// Runs the command that `arguments` ask for, `columns` being the width for texts.
  package static func outcome(of arguments: [String], columns: Int) -> Outcome {
    var parser = Parser(root: self)
    func usage(_ error: some Error) -> Outcome {
      let help = HelpText(path: parser.path, columns: columns)
      return Outcome(
        error: """
          error: \(error)
          \(help.usage)
            See '\(parser.path.name) --help' for more information.

          """, code: .usage)
    }
    do {
      switch try parser.parse(arguments) {
      case .help:
        return Outcome(output: HelpText(path: parser.path, columns: columns).description)
      case .version(let version): return Outcome(output: version + "\n")
      case .run(var command):
        try command.run()
        return Outcome()
      }
    } catch let code as ExitCode {
      return Outcome(code: code)
    } catch let error as UsageError {
      return usage(error)
    } catch let error as ValidationError {
      return usage(error)
    } catch {
      return Outcome(error: "error: \(line(for: error))\n", code: .failure)
    }
  }
}

/// The text of an error: Foundation's own describe themselves for programmers, and say what a person
/// wants to read in `localizedDescription`.
private func line(for error: any Error) -> String {
  error is any LocalizedError || error is any CustomNSError
    ? error.localizedDescription : "\(error)"
}
