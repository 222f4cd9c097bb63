import Foundation
import TestSupport
import Testing

/// A run of `vae compare`.
struct Comparison {
  /// What it came to.
  enum Outcome {
    /// Exit code 0.
    case withinBounds
    /// Exit code 1 and a verdict that says why, in short.
    case found(String)
  }

  /// Anything else: a crash, or an error, whose exit code is 1 as well.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  var executable = PackagePaths.program
  let arguments: [String]
  var environment: [String: String] = [:]

  func run(seed: Int = 1) throws -> Outcome {
    let (status, output) = try execute(
      executable, ["compare", "--seed", "\(seed)"] + arguments, environment: environment)
    let verdict = output.split(separator: "\n").first { $0.hasPrefix("FAIL") }
    switch (status, verdict) {
    case (0, nil): return .withinBounds
    case (1, let verdict?):
      return .found(verdict.dropFirst("FAIL".count).components(separatedBy: ", first")[0])
    default:
      throw Failure(description: "vae compare ended with \(status):\n\(output.suffix(2000))")
    }
  }
}

/// Runs a program to its end: its exit code, negative for a signal, and all that it printed.
func execute(_ program: URL, _ arguments: [String], environment: [String: String] = [:]) throws
  -> (status: Int32, output: String)
{
  let (process, pipe) = (Process(), Pipe())
  process.executableURL = program
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  let sign: Int32 = process.terminationReason == .exit ? 1 : -1
  return (sign * process.terminationStatus, String(decoding: output, as: UTF8.self))
}
