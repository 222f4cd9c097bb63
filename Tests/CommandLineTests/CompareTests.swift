import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// `vae compare` as a process: exit codes, and what it prints and writes. Models and steps are few, for
/// speed; the numerics have tests of their own.
@Suite struct CompareTests {
  private static let sections = [
    "operations", "gradients", "random", "trajectory", "determinism",
  ]

  /// A run of a small model on a few digits.
  private static func train(_ folder: borrowing TemporaryFolder, _ options: String...) throws
    -> String
  {
    let run = folder.file("run")
    let result = try Tool().run(
      [
        "train", "--data", try folder.digits(train: 64, test: 16), "--backend", "blas", "--epochs",
        "1", "--encoder", "16", "--decoder", "16", "--latent", "3", "--batch-size", "16", "--out",
        run,
      ] + options)
    try #require(result.status == 0, "\(result.error)")
    return run
  }

  private static func object(_ path: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        as? [String: Any])
  }

  /// The sections with verdicts, and whether they pass.
  private static func verdicts(_ report: [String: Any]) throws -> [(section: String, passes: Bool)]
  {
    try #require(report["verdicts"] as? [[String: Any]]).map { verdict in
      (
        try #require(verdict["section"] as? String), try #require(verdict["passes"] as? Bool)
      )
    }
  }

  /// The repository's kernels in `folder`, `fault` put for `original` in one file.
  private static func kernels(
    in folder: borrowing TemporaryFolder, _ file: String, _ original: String, _ fault: String
  ) throws -> String {
    let copy = folder.file("kernels")
    try FileManager.default.copyItem(atPath: PackagePaths.kernels.path, toPath: copy)
    let text = try String(contentsOfFile: "\(copy)/\(file)", encoding: .utf8)
    try #require(text.contains(original))
    try text.replacing(original, with: fault).write(
      toFile: "\(copy)/\(file)", atomically: true, encoding: .utf8)
    return copy
  }

  @Test func everySectionOfATrainedRunPassesAndIsReported() throws {
    let folder = try TemporaryFolder()
    let run = try Self.train(folder)
    let (json, html) = (folder.file("report.json"), folder.file("report.html"))
    let result = try Tool().run(
      "compare", "--run", run, "--backends", "blas,opencl:0", "--extent", "small", "--steps", "3",
      "--json", json, "--html", html)
    #expect(result.status == 0, "\(result.output)\(result.error)")
    for section in Self.sections { #expect(result.output.contains("\npass  \(section) ")) }
    #expect(result.output.contains("\nAll within bounds: "))
    #expect(!result.output.contains("\u{1B}"))

    let report = try Self.object(json)
    #expect(report["passes"] as? Bool == true)
    #expect(try Self.verdicts(report).map(\.section) == Self.sections)
    #expect(try Self.verdicts(report).allSatisfy(\.passes))
    for (key, count) in [
      ("operations", 2), ("random", 2), ("lockstep", 2), ("free_runs", 2), ("determinism", 2),
      ("gradients", 8),
    ] {
      #expect((report[key] as? [Any])?.count == count, "\(key)")
    }
    // One an operation.
    #expect((report["pairs"] as? [Any])?.count ?? 0 >= 18)
    let environment = try #require(report["environment"] as? [String: Any])
    let candidates = try #require(environment["candidates"] as? [[String: Any]])
    #expect(candidates.map { $0["name"] as? String } == ["blas", "opencl:0"])
    for key in ["library", "core", "threads"] { #expect(candidates[0][key] != nil, "\(key)") }
    for key in ["platform", "driver", "version", "build_options"] {
      #expect(candidates[1][key] != nil, "\(key)")
    }
    // Three steps of the run's own batch size.
    #expect(environment["images"] as? Int == 48)
    #expect((environment["training"] as? String)?.contains("batches of 16,") == true)

    let page = try String(contentsOfFile: html, encoding: .utf8)
    for part in [
      "All within bounds", "Environment", "Operations", "Gradients", "Random numbers", "Trajectory",
      "Determinism", "the bound", "limit", "<svg",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    for reference in ["http", "src=", "href=", "url(", "@import", "<script"] {
      #expect(!page.contains(reference), "the page loads nothing: \(reference)")
    }
    #expect(!page.contains("nan") && !page.contains("inf\""))
  }

  @Test(arguments: sections)
  func onlyTheSectionAskedForIsRun(section: String) throws {
    let folder = try TemporaryFolder()
    let json = folder.file("report.json")
    let result = try Tool().run(
      "compare", "--only", section, "--run", try Self.train(folder), "--backends", "blas",
      "--extent", "small", "--steps", "2", "--json", json)
    #expect(result.status == 0, "\(result.output)\(result.error)")
    let report = try Self.object(json)
    #expect(try Self.verdicts(report).map(\.section) == [section])
    let results = ["operations", "gradients", "random", "free_runs", "determinism"]
    let filled = results.filter { (report[$0] as? [Any])?.isEmpty == false }
    #expect(filled == [section == "trajectory" ? "free_runs" : section])
  }

  @Test func brokenKernelExitsWith1AndIsNamed() throws {
    let folder = try TemporaryFolder()
    let kernels = try Self.kernels(
      in: folder, "posterior.cl", "exp(0.5f * spread) : spread, noise[c], z",
      "1.0001f * exp(0.5f * spread) : spread, noise[c], z")
    let result = try Tool().run(
      "compare", "--only", "operations", "--extent", "small", "--backends", "opencl:0", "--kernels",
      kernels)
    #expect(result.status == 1, "\(result.output)\(result.error)")
    #expect(result.output.contains("\nFAIL  operations   opencl:0: "))
    #expect(result.output.contains("reparameterize") && result.output.contains("bound: z["))
    #expect(result.output.hasSuffix("\nNot all within bounds: operations.\n"))
    #expect(result.error.isEmpty)
  }

  /// A full device opens for writing, and refuses what is written.
  @Test func reportThatCannotBeWrittenLeavesTheVerdict() throws {
    let folder = try TemporaryFolder()
    let html = folder.file("report.html")
    let arguments = [
      "compare", "--operation", "reparameterize", "--extent", "small", "--backends", "opencl:0",
      "--json", "/dev/full", "--html", html,
    ]
    let sound = try Tool().run(arguments)
    #expect(sound.status == 2, "\(sound.output)\(sound.error)")
    #expect(sound.output.contains("\nAll within bounds: "))

    let kernels = try Self.kernels(
      in: folder, "posterior.cl", "exp(0.5f * spread) : spread, noise[c], z",
      "1.0001f * exp(0.5f * spread) : spread, noise[c], z")
    let broken = try Tool().run(arguments + ["--kernels", kernels])
    #expect(broken.status == 1, "\(broken.output)\(broken.error)")
    for result in [sound, broken] {
      #expect(result.error.hasPrefix("error: cannot write /dev/full"), "\(result.error)")
    }
    #expect(try String(contentsOfFile: html, encoding: .utf8).contains("Not all within bounds"))
  }

  @Test func notANumberFailsAndLeavesTheReportsSound() throws {
    let folder = try TemporaryFolder()
    let kernels = try Self.kernels(
      in: folder, "loss.cl", "+ log1p_unit(e)", "+ log1p_unit(e) * (vec)(NAN)")
    let (json, html) = (folder.file("report.json"), folder.file("report.html"))
    let result = try Tool().run(
      "compare", "--only", "trajectory", "--run", try Self.train(folder), "--steps", "2",
      "--backends", "opencl:0", "--kernels", kernels, "--json", json, "--html", html)
    #expect(result.status == 1, "\(result.output)\(result.error)")
    #expect(result.output.contains("step 0, reconstruction loss gradient leaves its bound"))
    let report = try Self.object(json)
    #expect(report["passes"] as? Bool == false)
    let runs = try #require(report["free_runs"] as? [[String: Any]])
    let steps = try #require(runs[0]["steps"] as? [[String: Any]])
    #expect(steps[0]["loss"] as? String == "nan")
    let page = try String(contentsOfFile: html, encoding: .utf8)
    #expect(page.contains("Not all within bounds") && page.contains("in part not finite"))
    let lines = page.split(separator: "\n").filter { $0.contains("<polyline") }
    #expect(!lines.isEmpty && !lines.contains { $0.contains("nan") }, "no NaN for a place")
  }

  @Test(arguments: [
    (["--only", "speed"], "operations, gradients, random, trajectory, determinism"),
    (["--backends", "cuda"], "unknown backend 'cuda'"),
    (["--backends", ""], "--backends"),
    (["--steps", "0"], "--steps must be between 2 and"),
    (["--batch-size", "0"], "--batch-size must be between 1 and"),
    (["--preset", "torch"], "pytorch, keras"),
    (["--preset", "keras", "--run", "r"], "--preset and --run"),
    (["--extent", "huge"], "small, quick, full"),
    (["--json", "same", "--html", "same"], "--json and --html"),
    (["--backends", "blas,opencl:99"], "no device answers to opencl:99"),
    (["--run", "/nowhere/run"], "/nowhere/run"),
    (["--data", "/nowhere/data"], "/nowhere/data"),
    (["--data", "digits:x"], "digits:SEED"),
    (["--backends", "opencl:0", "--kernels", "/nowhere"], "--kernels"),
    (["--json", "/proc/report.json"], "cannot write /proc/report.json"),
    (["--html", "/nowhere/report.html"], "cannot write /nowhere/report.html"),
    (["--json", "/tmp"], "/tmp is a folder"),
  ])
  func nothingIsComparedWhereSomethingAskedForIsWrong(arguments: [String], expected: String) throws
  {
    let result = try Tool().run(["compare"] + arguments)
    #expect(result.status == 2, "\(result.output)\(result.error)")
    #expect(result.error.hasPrefix("error: ") && result.error.contains(expected), "\(result.error)")
    #expect(result.output.isEmpty, "before any work")
  }

  @Test func runsThatDoNotFitAreRefused() throws {
    let folder = try TemporaryFolder()
    let empty = try Tool().run("compare", "--run", folder.path, "--backends", "blas")
    #expect(empty.status == 2 && empty.error.contains("model.safetensors"), "\(empty.error)")

    let run = try Self.train(folder)
    let images = ImageDataset.Split(count: 2, pixels: [UInt8](repeating: 7, count: 2 * 5 * 4))
    try ImageDataset(name: "small", width: 5, height: 4, train: images, test: images)
      .write(idxFolder: folder.file("small"))
    let arguments = ["compare", "--run", run, "--backends", "blas"]
    let other = try Tool().run(arguments + ["--data", folder.file("small")])
    #expect(other.status == 2 && other.error.contains("5×4"), "\(other.error)")
    #expect(other.error.contains("28×28") && other.output.isEmpty)

    let path = "\(run)/config.json"
    let configuration = try String(contentsOfFile: path, encoding: .utf8)
    try configuration.replacing("\"batch_size\" : 16", with: "\"batch_size\" : 0")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let broken = try Tool().run(arguments)
    #expect(broken.status == 2 && broken.error.contains("batch size is 0"), "\(broken.error)")

    try FileManager.default.removeItem(atPath: path)
    let bare = try Tool().run("compare", "--run", "\(run)/model.safetensors", "--backends", "blas")
    #expect(bare.status == 2 && bare.error.contains("--data"), "\(bare.error)")
  }

  @Test func lineThatRepeatsTheRunRepeatsItInAShell() throws {
    let folder = try TemporaryFolder()
    let run = try Self.train(folder)
    let odd = folder.file("it's a \"run\" $HOME")
    try FileManager.default.moveItem(atPath: run, toPath: odd)
    let json = folder.file("report one.json")
    let tool = Tool(environment: ["OPENBLAS_NUM_THREADS": "1"])
    let result = try tool.run(
      "compare", "--only", "determinism", "--run", odd, "--backends", "blas", "--steps", "2",
      "--json", json)
    #expect(result.status == 0, "\(result.error)")
    func hash() throws -> String {
      let results = try #require(Self.object(json)["determinism"] as? [[String: Any]])
      return try #require(results[0]["hash"] as? String)
    }
    let first = try hash()
    try FileManager.default.removeItem(atPath: json)

    let line = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("again ") })
    let command = line.dropFirst("again".count)
    #expect(command.contains("OPENBLAS_NUM_THREADS=1 ") && command.hasSuffix(" --seed 1"))
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", String(command)]
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(try hash() == first)
  }

  @Test func withoutOpenCLTheRestIsComparedAndTheReasonGiven() throws {
    let folder = try TemporaryFolder()
    let vendors = folder.file("vendors")
    try FileManager.default.createDirectory(atPath: vendors, withIntermediateDirectories: true)
    let result = try Tool(environment: ["OCL_ICD_VENDORS": vendors]).run(
      "compare", "--only", "determinism", "--run", try Self.train(folder), "--steps", "2")
    #expect(result.status == 0, "\(result.output)\(result.error)")
    #expect(result.output.contains("\nunusable   "), "\(result.output)")
    #expect(result.output.contains("blas with "), "another number of threads")
  }
}
