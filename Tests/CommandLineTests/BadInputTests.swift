import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Bad input: exit code 1 and one line that names the thing and the remedy, with nothing half-written.
@Suite struct BadInputTests {
  /// A fault in a data folder, and what the error must say.
  struct DataFault: Sendable, CustomTestStringConvertible {
    let name: String
    let expected: [String]
    let inject: @Sendable (_ folder: String) throws -> Void
    var testDescription: String { name }

    init(_ name: String, _ expected: String..., inject: @escaping @Sendable (String) throws -> Void)
    {
      self.name = name
      self.expected = expected
      self.inject = inject
    }
  }

  private static let images = "train-images-idx3-ubyte"
  private static let labels = "train-labels-idx1-ubyte"

  private static func change(_ path: String, _ body: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    body(&data)
    try data.write(to: URL(fileURLWithPath: path))
  }

  static let dataFaults = [
    DataFault("truncated images", images) { folder in
      try change("\(folder)/\(images)") { $0.removeLast(100) }
    },
    DataFault("trailing bytes", images) { folder in
      try change("\(folder)/\(images)") { $0.append(contentsOf: [1, 2, 3]) }
    },
    DataFault("header cut short", images) { folder in
      try change("\(folder)/\(images)") { $0 = $0.prefix(7) }
    },
    DataFault("empty file", images) { folder in
      try change("\(folder)/\(images)") { $0 = Data() }
    },
    DataFault("wrong magic number", images, "magic number") { folder in
      try change("\(folder)/\(images)") { $0[2] = 9 }
    },
    DataFault("labels where images should be", images) { folder in
      let content = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(labels)"))
      try change("\(folder)/\(images)") { $0 = content }
    },
    DataFault("fewer labels than images", "labels") { folder in
      try change("\(folder)/\(labels)") { data in
        data.removeLast(10)
        data.replaceSubrange(4..<8, with: [0, 0, 0x02, 0x4E])
      }
    },
    DataFault("test images of another size", "28×28", "56×14") { folder in
      try change("\(folder)/t10k-images-idx3-ubyte") { data in
        data.replaceSubrange(8..<16, with: [0, 0, 0, 14, 0, 0, 0, 56])
      }
    },
    DataFault("corrupt gzip", "gzip") { folder in
      try FileManager.default.moveItem(
        atPath: "\(folder)/\(images)", toPath: "\(folder)/\(images).gz")
      try change("\(folder)/\(images).gz") { $0.replaceSubrange(0..<4, with: [0x1F, 0x8B, 8, 0]) }
    },
    DataFault("missing images", "t10k-images-idx3-ubyte", "vae data mnist") { folder in
      try FileManager.default.removeItem(atPath: "\(folder)/t10k-images-idx3-ubyte")
    },
    DataFault("empty folder", images, "vae data mnist") { folder in
      for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
        try FileManager.default.removeItem(atPath: "\(folder)/\(file)")
      }
    },
    DataFault("no folder", "does not exist") { folder in
      try FileManager.default.removeItem(atPath: folder)
    },
    DataFault("a file for a folder", "is a file") { folder in
      try FileManager.default.removeItem(atPath: folder)
      try Data([1]).write(to: URL(fileURLWithPath: folder))
    },
    DataFault("a folder for a file", images) { folder in
      try FileManager.default.removeItem(atPath: "\(folder)/\(images)")
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(images)", withIntermediateDirectories: false)
    },
  ]

  @Test(arguments: dataFaults)
  func badDataIsNamedAndNothingIsWritten(fault: DataFault) throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    try fault.inject(data)
    let result = try Tool().run(
      "train", "--data", data, "--backend", "blas", "--out", folder.file("run"))
    expectFailure(result, fault.expected)
    #expect(!FileManager.default.fileExists(atPath: folder.file("run")))
  }

  /// One line on standard error, exit code 1.
  private func expectFailure(_ result: Tool.Result, _ expected: [String]) {
    #expect(result.status == 1, "\(result.output)\(result.error)")
    #expect(result.error.hasPrefix("error: "))
    #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
    for text in expected { #expect(result.error.contains(text), "\(result.error)") }
  }

  /// A trained run to be damaged.
  private func train(_ folder: borrowing TemporaryFolder) throws -> (data: String, run: String) {
    let data = try folder.digits()
    let run = folder.file("run")
    let result = try Tool().run(
      "train", "--data", data, "--backend", "blas", "--epochs", "1", "--encoder", "16",
      "--decoder", "16", "--out", run)
    #expect(result.status == 0, "\(result.error)")
    return (data, run)
  }

  @Test func damagedModelsAreNamed() throws {
    let folder = try TemporaryFolder()
    let model = try train(folder).run + "/model.safetensors"
    let original = try Data(contentsOf: URL(fileURLWithPath: model))
    let foreign = Safetensors(
      metadata: [:], tensors: [Safetensors.Tensor(name: "w", shape: [1], values: [1])])
    let cases: [(String, Data, String)] = [
      ("cut short", original.dropLast(10), "model.safetensors"),
      ("not safetensors", Data("hello, world".utf8), "model.safetensors"),
      ("empty", Data(), "model.safetensors"),
      ("header too long", Data(repeating: 0xFF, count: 64), "model.safetensors"),
      ("another program's", foreign.data(), "not a model of this program"),
    ]
    for (name, data, expected) in cases {
      try data.write(to: URL(fileURLWithPath: model))
      let result = try Tool().run("evaluate", model, "--backend", "blas")
      #expect(result.status == 1 && result.error.contains(expected), "\(name): \(result.error)")
    }
    let missing = try Tool().run("evaluate", folder.file("nowhere"), "--backend", "blas")
    expectFailure(missing, [folder.file("nowhere")])
  }

  @Test func dataOfAnotherSizeIsRefused() throws {
    let folder = try TemporaryFolder()
    let (_, run) = try train(folder)
    let images = ImageDataset.Split(count: 2, pixels: [UInt8](repeating: 7, count: 2 * 5 * 4))
    try ImageDataset(name: "small", width: 5, height: 4, train: images, test: images)
      .write(idxFolder: folder.file("small"))
    let result = try Tool().run(
      "evaluate", run, "--data", folder.file("small"), "--backend", "blas")
    expectFailure(result, ["5×4", "28×28", "--data"])
  }

  @Test func resumeNeedsARun() throws {
    let folder = try TemporaryFolder()
    expectFailure(
      try Tool().run("train", "--resume", folder.path, "--backend", "blas"), ["config.json"])
  }

  @Test(arguments: [("/dev/null/run", "/dev/null is a file"), ("/proc/run", "/proc/run")])
  func unwritablePlacesAreNamed(path: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let (data, run) = try train(folder)
    expectFailure(
      try Tool().run("train", "--data", data, "--backend", "blas", "--out", path), [expected])
    expectFailure(
      try Tool().run("sample", run, "--backend", "blas", "--out", "\(path)/x.png"),
      ["\(path)/x.png"])
  }

  @Test func fullDiskIsNamedAndLeavesTheOldFile() throws {
    let folder = try TemporaryFolder()
    let (data, run) = try train(folder)
    let model = "\(run)/model.safetensors"
    let before = try Data(contentsOf: URL(fileURLWithPath: model))
    // A limit on a file's size stops a write in the middle, as a full disk does.
    let limited = Process()
    let errors = Pipe()
    limited.executableURL = URL(fileURLWithPath: "/bin/bash")
    limited.arguments = [
      "-c", "trap '' XFSZ; ulimit -f 20; exec \"$0\" \"$@\"", PackagePaths.program.path, "train",
      "--resume", run,
      "--epochs", "2", "--data", data, "--backend", "blas",
    ]
    limited.standardError = errors
    limited.standardOutput = FileHandle.nullDevice
    try limited.run()
    limited.waitUntilExit()
    let error = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(limited.terminationStatus == 1)
    #expect(error.contains("cannot write \(run)/") && error.contains("ulimit"), "\(error)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: model)) == before)
    let left = try FileManager.default.contentsOfDirectory(atPath: run).sorted()
    #expect(
      left == [
        "best.safetensors", "checkpoint.safetensors", "config.json", "metrics.jsonl",
        "model.safetensors",
        "reconstructions", "samples",
      ], "no temporary file stays")
  }
}
