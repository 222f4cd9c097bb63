import Foundation
import TestSupport
import Testing

/// `vae train --profile` as a process: the trace, the table, and that it changes nothing.
@Suite struct ProfileTests {
  private static let model = [
    "--encoder", "32", "--decoder", "32", "--latent", "4", "--batch-size", "16",
  ]

  /// A trace's operations, after checking that they follow one another.
  private static func operations(_ path: String) throws -> [(name: String, microseconds: Double)] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let trace = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var end = 0.0
    return try #require(trace["traceEvents"] as? [[String: Any]])
      .filter { $0["ph"] as? String == "X" }
      .map { event in
        let start = try #require(event["ts"] as? Double)
        let duration = try #require(event["dur"] as? Double)
        // Three decimals are exact but for the `Double` they are read into.
        #expect(start >= end - 1e-6 && duration >= 0)
        end = start + duration
        let arguments = try #require(event["args"] as? [String: Any])
        #expect(arguments["shapes"] is String && arguments["bytes"] is Int)
        return (try #require(event["name"] as? String), duration)
      }
  }

  @Test(arguments: ["blas", "opencl", "reference"])
  func everyOperationOfTheStepsIsThere(backend: String) throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits(train: 160)
    let run = ["train", "--data", data, "--backend", backend, "--epochs", "2"] + Self.model
    let path = folder.file("trace.json")
    let plain = try Tool().run(run + ["--out", folder.file("plain")])
    #expect(plain.status == 0 && !plain.output.contains("mean µs"), "\(plain.error)")
    let result = try Tool().run(run + ["--out", folder.file("run"), "--profile", path])
    #expect(result.status == 0, "\(result.error)")

    let operations = try Self.operations(path)
    let steps = 2 * 160 / 16
    #expect(operations.count == 14 * steps, "a step's, and none of the evaluations'")
    for (name, calls) in [
      ("gather", 1), ("dense", 4), ("dense input gradient", 3), ("dense update", 1),
      ("reconstruction loss gradient", 1), ("sum rows", 1),
    ] {
      #expect(operations.count { $0.name == name } == calls * steps, "\(name)")
    }
    let line = try #require(
      result.output.split(separator: "\n").first { $0.hasPrefix("operations ") }, "\(result)")
    let seconds = line.split(separator: " ").compactMap { Double($0) }
    try #require(seconds.count >= 3)
    #expect(seconds[0] <= seconds[1], "operations take no longer than the steps")
    #expect(abs(seconds[0] - operations.reduce(0) { $0 + $1.microseconds } * 1e-6) < 1e-3)
    #expect(abs(seconds[1] - seconds[0] - seconds[2]) < 2e-3, "the rest is the gap")
    for text in ["mean µs", "of peak", "GFLOP/s", "GB/s", "16×784 · 784×32"] {
      #expect(result.output.contains(text), "\(text)")
    }
    let models = try ["plain", "run"].map {
      try Data(contentsOf: URL(fileURLWithPath: "\(folder.file($0))/model.safetensors"))
    }
    #expect(models[0] == models[1], "being watched changes nothing")
  }

  @Test func interruptedRunStillWrites() throws {
    let folder = try TemporaryFolder()
    let (run, path) = (folder.file("run"), folder.file("trace.json"))
    let running = try Tool().start(
      ["train", "--data", try folder.digits(train: 1000), "--backend", "blas", "--epochs", "4000"]
        + ["--out", run, "--profile", path] + Self.model)
    while running.isRunning && !running.output.contains(" 2/4000 ") { usleep(2_000) }
    running.send(SIGINT)
    let stopped = running.wait()
    #expect(stopped.status == 1, "\(stopped.error)")
    #expect(stopped.output.contains("go on with: vae train --resume \(run)"))
    #expect(stopped.output.contains("mean µs"))
    #expect(try Self.operations(path).count >= 14 * 2 * 63)

    let again = folder.file("again.json")
    let epochs = stopped.output.split(separator: "\n").count { $0.hasPrefix("epoch ") }
    let resumed = try Tool().run(
      "train", "--resume", run, "--profile", again, "--epochs", "\(epochs + 1)")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try (1...14 * 63).contains(Self.operations(again).count), "what was left of an epoch")
  }

  @Test func lostRunStillWrites() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("trace.json")
    let result = try Tool().run(
      ["train", "--data", try folder.digits(), "--backend", "blas", "--learning-rate", "1e20"]
        + ["--out", folder.file("run"), "--profile", path] + Self.model)
    #expect(result.status == 1 && result.error.contains("stopped being finite"))
    #expect(try !Self.operations(path).isEmpty)
  }

  @Test func quietWritesTheTraceAlone() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("trace.json")
    let result = try Tool().run(
      ["train", "--data", try folder.digits(), "--backend", "blas", "--epochs", "1", "--quiet"]
        + ["--out", folder.file("run"), "--profile", path] + Self.model)
    #expect(result.status == 0 && result.output.isEmpty, "\(result)")
    #expect(try !Self.operations(path).isEmpty)
  }

  @Test func placeThatCannotBeWrittenIsToldBeforeTraining() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    let train =
      ["train", "--data", try folder.digits(), "--backend", "blas", "--epochs", "1", "--out", run]
      + Self.model
    let nowhere = ["--profile", folder.file("nowhere/at all/x.json")]
    let result = try Tool().run(train + nowhere)
    #expect(result.status == 1 && result.error.contains("nowhere/at all"), "\(result.error)")
    #expect(result.output.isEmpty && !FileManager.default.fileExists(atPath: run))

    #expect(try Tool().run(train).status == 0)
    let model = try Data(contentsOf: URL(fileURLWithPath: "\(run)/model.safetensors"))
    let again = try Tool().run(train + nowhere + ["--overwrite", "--seed", "2"])
    #expect(again.status == 1, "\(again.error)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(run)/model.safetensors")) == model)
  }

  @Test func theRunFolderToBeMadeTakesTheTrace() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    let result = try Tool().run(
      ["train", "--data", try folder.digits(), "--backend", "blas", "--epochs", "1", "--quiet"]
        + ["--out", run, "--profile", "\(run)/trace.json"] + Self.model)
    #expect(result.status == 0, "\(result.error)")
    #expect(try !Self.operations("\(run)/trace.json").isEmpty)
  }

  @Test func runThatDoesNotBeginLeavesAnOlderTrace() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("trace.json")
    try Data("older".utf8).write(to: URL(fileURLWithPath: path))
    let result = try Tool().run(
      ["train", "--data", folder.file("no data"), "--out", folder.file("run")]
        + ["--profile", path] + Self.model)
    #expect(result.status == 1, "\(result.error)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("older".utf8))
  }
}
