import Files
import Foundation
import TestSupport
import Testing

/// Training as a process, on both backends: what it writes, repeats and resumes.
@Suite struct TrainTests {
  private static let model = [
    "--encoder", "32", "--decoder", "32", "--latent", "4", "--batch-size", "16",
  ]

  private static func contents(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  private static func metrics(_ run: String) throws -> [[String: Any]] {
    try String(decoding: contents("\(run)/metrics.jsonl"), as: UTF8.self).split(separator: "\n")
      .map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
  }

  @Test(arguments: ["blas", "opencl"])
  func runFolderHoldsEverything(backend: String) throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(), folder.file("run"))
    let result = try Tool().run(
      ["train", "--data", data, "--backend", backend, "--epochs", "3", "--out", run] + Self.model)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("backend  \(backend) on "))
    for name in [
      "config.json", "metrics.jsonl", "model.safetensors", "checkpoint.safetensors",
      "samples/epoch-001.png", "samples/epoch-003.png", "reconstructions/epoch-003.png",
    ] {
      #expect(FileManager.default.fileExists(atPath: "\(run)/\(name)"), "\(name)")
    }
    let metrics = try Self.metrics(run)
    #expect(metrics.map { $0["epoch"] as? Int } == [1, 1, 2, 2, 3, 3])
    #expect(
      metrics.map { $0["split"] as? String } == ["train", "test", "train", "test", "train", "test"])
    #expect(metrics.map { $0["step"] as? Int } == [38, 38, 76, 76, 114, 114])
    for line in metrics {
      let numbers = ["loss", "reconstruction", "kl", "seconds", "images_per_second"]
        .compactMap { line[$0] as? Double }
      try #require(numbers.count == 5)
      #expect(abs(numbers[0] - numbers[1] - numbers[2]) < 1e-6 * numbers[0])
      #expect(line["backend"] as? String == backend && line["device"] is String)
    }
    let losses = metrics.compactMap { $0["loss"] as? Double }
    #expect(losses[4] < losses[2] && losses[2] < losses[0])

    let evaluation = try Tool().run("evaluate", run, "--json", "--backend", backend)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluation.output.utf8)) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "loss", "reconstruction", "kl", "kl_per_dimension", "active_units",
        "aggregate_posterior_kl", "images", "backend",
        "device", "data", "split",
      ])
    #expect(abs((object["loss"] as? Double ?? 0) - losses[5]) < 1e-9 * losses[5])
    #expect(object["images"] as? Int == 100)
  }

  /// The backends see the same draws and the same order, so rounding alone separates them. Not with the
  /// `sigma` head, which magnifies it beyond any bound at σ near 0, its gradient there being −1/σ:
  /// Parity holds that one in lockstep.
  @Test(arguments: ["pytorch", "keras"])
  func backendsSeeTheSameTraining(preset: String) throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    let losses = try ["blas", "opencl"].map { backend in
      let run = folder.file(backend)
      let result = try Tool().run(
        "train", "--data", data, "--backend", backend, "--preset", preset, "--epochs", "4",
        "--posterior", "log-variance",
        "--out", run)
      #expect(result.status == 0, "\(result.error)")
      return try Self.metrics(run).compactMap { $0["loss"] as? Double }
    }
    for (first, second) in zip(losses[0], losses[1]) {
      #expect(abs(first - second) <= 1e-5 * first)
    }
  }

  @Test(arguments: ["blas", "opencl"])
  func sameSeedGivesTheSameFile(backend: String) throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    let files = try [("a", "5"), ("b", "5"), ("c", "6")].map { name, seed in
      _ = try Tool().run(
        ["train", "--data", data, "--backend", backend, "--epochs", "2", "--seed", seed]
          + ["--out", folder.file(name), "--quiet"] + Self.model)
      return try Self.contents("\(folder.file(name))/model.safetensors")
    }
    #expect(files[0] == files[1])
    #expect(files[0] != files[2])
  }

  @Test(arguments: ["blas", "opencl"], [SIGINT, SIGKILL])
  func interruptedRunEndsWhereTheUninterruptedDoes(backend: String, signal: Int32) throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits(train: 1000)
    let arguments = ["train", "--data", data, "--backend", backend, "--epochs", "40"] + Self.model
    let whole = try Tool().run(arguments + ["--out", folder.file("whole")])
    #expect(whole.status == 0, "\(whole.error)")

    let run = folder.file("parts")
    let first = try Tool().start(arguments + ["--out", run])
    while first.isRunning && !first.output.contains(" 2/40 ") { usleep(2_000) }
    usleep(UInt32.random(in: 0...20_000))
    first.send(signal)
    let stopped = first.wait()
    if signal == SIGINT {
      #expect(stopped.status == 1)
      #expect(stopped.output.contains("go on with: vae train --resume \(run)"))
    }
    #expect(!stopped.output.contains("done in"), "the signal came before the end")

    let resumed = try Tool().run("train", "--resume", run)
    #expect(resumed.status == 0, "\(resumed.error)")
    for name in ["model.safetensors", "checkpoint.safetensors"] {
      // The checkpoint's metadata has the epoch's seconds only while an epoch is under way.
      #expect(
        try Self.contents("\(folder.file("whole"))/\(name)") == Self.contents("\(run)/\(name)"),
        "\(name)")
    }
    let losses = try [folder.file("whole"), run].map { path in
      try Self.metrics(path).map { [$0["epoch"] as? Double, $0["loss"] as? Double] }
    }
    #expect(losses[0] == losses[1])
  }

  /// The second signal does not wait for the step, whether it comes later or with the first.
  @Test(arguments: [false, true])
  func secondSignalEndsARunWithinAStep(together: Bool) throws {
    let folder = try TemporaryFolder()
    let checkpoint = folder.file("run/checkpoint.safetensors")
    // A step of many seconds.
    let running = try Tool().start(
      ["train", "--data", try folder.digits(), "--backend", "reference", "--batch-size", "600"]
        + ["--encoder", "2048", "--decoder", "2048", "--out", folder.file("run")])
    while running.isRunning && !FileManager.default.fileExists(atPath: checkpoint) { usleep(2_000) }
    let clock = ContinuousClock.now
    if together {
      for signal in [SIGSTOP, SIGINT, SIGTERM, SIGCONT] { running.send(signal) }
    }
    while running.isRunning && ContinuousClock.now - clock < .seconds(60) {
      if !together { running.send(SIGTERM) }
      usleep(20_000)
    }
    running.send(SIGKILL)
    let ended = running.wait()
    #expect(ended.isKilled && (together ? [SIGINT, SIGTERM] : [SIGTERM]).contains(ended.status))
    #expect(!ended.output.contains("stopped after step"), "\(ended.output)\(ended.error)")
  }

  @Test func lossThatStopsBeingFiniteNamesStepAndCheckpoint() throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(), folder.file("run"))
    let result = try Tool().run(
      ["train", "--data", data, "--backend", "blas", "--learning-rate", "1e20", "--out", run]
        + Self.model)
    #expect(result.status == 1)
    #expect(result.error.contains("stopped being finite at step "))
    #expect(result.error.contains("the last good checkpoint is \(run)/checkpoint.safetensors"))
    #expect(try Safetensors(contentsOf: "\(run)/checkpoint.safetensors").tensors.count == 30)
  }

  @Test func whatIsThereIsNotOverwrittenUnasked() throws {
    let folder = try TemporaryFolder()
    let rest =
      ["--backend", "blas", "--epochs", "1", "--out", folder.file("run")] + Self.model
    let arguments = ["train", "--data", try folder.digits()] + rest
    #expect(try Tool().run(arguments).status == 0)
    let model = try Self.contents(folder.file("run/model.safetensors"))
    let again = try Tool().run(arguments + ["--seed", "9"])
    #expect(again.status == 1 && again.error.contains("--overwrite"))
    // Before the data is looked at.
    let elsewhere = try Tool().run(["train", "--data", folder.file("nowhere")] + rest)
    #expect(elsewhere.error == again.error)
    #expect(try Self.contents(folder.file("run/model.safetensors")) == model)
    #expect(try Tool().run(arguments + ["--seed", "9", "--overwrite"]).status == 0)
    #expect(try Self.contents(folder.file("run/model.safetensors")) != model)
  }

  @Test func whatIsNotTheRunsOwnStays() throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    let own = folder.file("run/samples/mine/notes.txt")
    try FileManager.default.createDirectory(
      atPath: folder.file("run/samples/mine"), withIntermediateDirectories: true)
    try Data("notes".utf8).write(to: URL(fileURLWithPath: own))
    for epochs in ["2", "1"] {
      let result = try Tool().run(
        ["train", "--data", data, "--backend", "blas", "--epochs", epochs, "--overwrite"]
          + ["--out", folder.file("run")] + Self.model)
      #expect(result.status == 0, "\(result.error)")
      #expect(try Self.contents(own) == Data("notes".utf8))
    }
    let samples = try FileManager.default.contentsOfDirectory(atPath: folder.file("run/samples"))
    #expect(samples.sorted() == ["epoch-001.png", "mine"], "the longer run's pictures are gone")
  }

  @Test func resumingTrustsNothing() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    _ = try Tool().run(
      ["train", "--data", try folder.digits(), "--backend", "blas", "--epochs", "1", "--out", run]
        + Self.model)
    let path = "\(run)/config.json"
    let text = String(decoding: try Self.contents(path), as: UTF8.self)
    let checkpoint = "checkpoint.safetensors"
    for (original, replacement, culprit) in [
      ("\"latent\" : 4", "\"latent\" : 4611686018427387904", "config.json"),
      ("\"latent\" : 4", "\"latent\" : 5", checkpoint),
      ("\"batch_size\" : 16", "\"batch_size\" : 8", checkpoint),
      ("\"seed\" : 1", "\"seed\" : 2", checkpoint),
    ] {
      try #require(text.contains(original))
      try Data(text.replacingOccurrences(of: original, with: replacement).utf8)
        .write(to: URL(fileURLWithPath: path))
      let result = try Tool().run("train", "--resume", run, "--epochs", "2")
      #expect(result.status == 1 && result.error.contains(culprit), "\(result)")
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    #expect(try Tool().run("train", "--resume", run, "--epochs", "2").status == 0)
    let again = try Tool().run("train", "--resume", run)
    #expect(again.status == 1 && again.error.contains("nothing to do"))
  }
}
