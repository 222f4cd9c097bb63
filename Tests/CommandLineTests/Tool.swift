import Datasets
import Foundation
import TestSupport
import Testing

/// The `vae` executable as a process.
struct Tool {
  /// What a finished process left behind.
  struct Result {
    let status: Int32
    /// Whether a signal ended it, whose number the status is.
    let isKilled: Bool
    let output: String
    let error: String

    /// The output, where it is a JSON object.
    func object() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }
  }

  /// Variables set or, with nil, taken from the environment.
  var environment: [String: String?] = [:]
  /// What is run: another copy of the executable, or a link to one.
  var executable = PackagePaths.program.path
  /// Where it is run, if not where the tests are.
  var directory: String?

  /// Runs `vae arguments` to its end.
  func run(_ arguments: String...) throws -> Result { try run(arguments) }

  /// Runs `vae arguments` to its end.
  func run(_ arguments: [String]) throws -> Result { try start(arguments).wait() }

  /// Starts `vae arguments`.
  func start(_ arguments: [String]) throws -> Running {
    try Running(executable, arguments, environment, in: directory)
  }

  /// A process under way, its output going to files so that no pipe can fill.
  final class Running {
    private let process = Process()
    private let folder: TemporaryFolder

    init(
      _ executable: String, _ arguments: [String], _ overrides: [String: String?],
      in directory: String?
    ) throws {
      folder = try TemporaryFolder()
      var environment = ProcessInfo.processInfo.environment
      environment["VAE_BACKEND"] = nil
      for (name, value) in overrides { environment[name] = value }
      process.executableURL = URL(fileURLWithPath: executable)
      process.arguments = arguments
      if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
      process.environment = environment
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try Self.file(folder.file("output"))
      process.standardError = try Self.file(folder.file("error"))
      try process.run()
    }

    private static func file(_ path: String) throws -> FileHandle {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
      return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    /// What it has printed so far.
    var output: String { Self.text(folder.file("output")) }

    /// Whether it has not ended yet.
    var isRunning: Bool { process.isRunning }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end.
    func wait() -> Result {
      process.waitUntilExit()
      return Result(
        status: process.terminationStatus, isKilled: process.terminationReason == .uncaughtSignal,
        output: output, error: Self.text(folder.file("error")))
    }

    private static func text(_ path: String) -> String {
      String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
  }
}

extension TemporaryFolder {
  /// Makes a folder of IDX files with a few of the built-in digits.
  func digits(_ name: String = "data", train: Int = 600, test: Int = 100) throws -> String {
    try Digits.dataset(seed: 1, trainCount: train, testCount: test).write(idxFolder: file(name))
    return file(name)
  }

  /// The run folder of a small model of 64 digits, trained for an epoch on the host.
  func run(_ name: String = "run", _ options: String...) throws -> String {
    let data =
      FileManager.default.fileExists(atPath: file("data"))
      ? file("data") : try digits(train: 64, test: 20)
    let result = try Tool().run(
      ["train", "--data", data, "--backend", "blas", "--epochs", "1", "--encoder", "16"]
        + ["--decoder", "16", "--latent", "3", "--out", file(name)] + options)
    try #require(result.status == 0, "\(result.error)")
    return file(name)
  }
}
