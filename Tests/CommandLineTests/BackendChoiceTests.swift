import Foundation
import TestSupport
import Testing

/// Which backend runs, and why, as the machine's OpenCL set-up varies.
@Suite struct BackendChoiceTests {
  private static let small = ["--encoder", "16", "--decoder", "16", "--epochs", "1"]

  /// A folder of .icd files for the loader: none, or one that names a library that is not there.
  private func vendors(_ folder: borrowing TemporaryFolder, broken: Bool) throws -> String {
    let path = folder.file("vendors")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    if broken {
      try Data("/nowhere/libmissing.so\n".utf8).write(to: URL(fileURLWithPath: "\(path)/x.icd"))
    }
    return path
  }

  @Test(arguments: [false, true])
  func withoutAPlatformEverythingWorksThroughBLASAndSaysWhy(broken: Bool) throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    let tool = Tool(environment: ["OCL_ICD_VENDORS": try vendors(folder, broken: broken)])
    let trained = try tool.run(
      ["train", "--data", data, "--out", folder.file("run")] + Self.small)
    #expect(trained.status == 0, "\(trained.error)")
    let line = try #require(trained.output.split(separator: "\n").first { $0.hasPrefix("backend") })
    #expect(line.contains("blas on OpenBLAS"), "\(line)")
    #expect(line.contains(broken ? "libmissing.so" : "no .icd file"), "\(line)")

    let required = try tool.run(
      ["train", "--data", data, "--require-gpu", "--out", folder.file("gpu")] + Self.small)
    #expect(required.status == 1 && required.error.contains("GPU"), "\(required.error)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("gpu")))

    let asked = try tool.run(
      ["train", "--data", data, "--backend", "opencl", "--out", folder.file("cl")] + Self.small)
    #expect(asked.status == 1 && asked.error.contains("OpenCL"), "\(asked.error)")

    let devices = try tool.run("devices")
    #expect(devices.status == 0 && devices.output.contains("\nauto takes blas: "))
  }

  @Test func deviceListNamesDriverAndChoice() throws {
    let result = try Tool().run("devices", "--json")
    #expect(result.status == 0)
    let object = try result.object()
    let devices = try #require(object["devices"] as? [[String: Any]])
    try #require(!devices.isEmpty)
    let lines = try Tool().run("devices").output.split(separator: "\n")
    for (index, device) in devices.enumerated() {
      let line = try #require(lines.first { $0.hasPrefix("opencl:\(index) ") })
      for key in ["name", "platform", "driver"] {
        #expect(line.contains(try #require(device[key] as? String)), "\(key)")
      }
    }
    let (choice, reason) = (
      try #require(object["automatic_backend"] as? String),
      try #require(object["automatic_reason"] as? String)
    )
    #expect(lines.last.map(String.init) == "auto takes \(choice): \(reason)")
  }

  @Test(arguments: ["opencl:99", "opencl:no such device"])
  func unknownDevicesAreNotReplaced(request: String) throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    let result = try Tool().run(
      ["train", "--data", data, "--backend", request, "--out", folder.file("run")] + Self.small)
    #expect(result.status == 1, "\(result.error)")
    #expect(result.error.hasPrefix("error: no device answers to \(request); found:\n  opencl:0 "))
    #expect(!FileManager.default.fileExists(atPath: folder.file("run")))
  }

  @Test func environmentChoosesAndTheOptionWins() throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    let tool = Tool(environment: ["VAE_BACKEND": "opencl"])
    let chosen = try tool.run(["train", "--data", data, "--out", folder.file("a")] + Self.small)
    #expect(chosen.output.contains("backend  opencl on "), "\(chosen.error)")
    let overridden = try tool.run(
      ["train", "--data", data, "--backend", "blas", "--out", folder.file("b")] + Self.small)
    #expect(overridden.output.contains("backend  blas on "), "\(overridden.error)")
  }

  @Test func kernelThatDoesNotCompileNamesFileAndLine() throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    let kernels = folder.file("kernels")
    try FileManager.default.copyItem(atPath: PackagePaths.kernels.path, toPath: kernels)
    let path = "\(kernels)/optimizer.cl"
    let source = try String(contentsOfFile: path, encoding: .utf8)
    try ("\nthis is not OpenCL C;\n" + source).write(
      toFile: path, atomically: true, encoding: .utf8)
    let arguments = ["train", "--data", data, "--backend", "opencl"] + Self.small
    let broken = try Tool().run(arguments + ["--kernels", kernels, "--out", folder.file("a")])
    #expect(broken.status == 1 && broken.error.contains("optimizer.cl"), "\(broken.error)")
    #expect(broken.error.contains("optimizer.cl:2:"), "\(broken.error)")

    // Repaired, it works without a rebuild.
    try source.write(toFile: path, atomically: true, encoding: .utf8)
    let repaired = try Tool().run(arguments + ["--kernels", kernels, "--out", folder.file("b")])
    #expect(repaired.status == 0, "\(repaired.error)")

    try FileManager.default.removeItem(atPath: path)
    let missing = try Tool().run(arguments + ["--kernels", kernels, "--out", folder.file("c")])
    #expect(missing.status == 1 && missing.error.contains("optimizer.cl"), "\(missing.error)")
  }
}
