import Foundation
import TestSupport
import Testing

/// The executable away from its package, laid out as `make bundle` does; `make test-bundle` tries the
/// bundle itself.
@Suite struct BundleTests {
  @Test func kernelsAreBesideTheExecutableThatALinkLeadsTo() throws {
    let folder = try TemporaryFolder()
    let tool = try bundle(in: folder)
    let kernels = folder.file("bundle/Kernels")
    try FileManager.default.copyItem(atPath: PackagePaths.kernels.path, toPath: kernels)
    try write("this is not OpenCL C;", to: "\(kernels)/vector.h")
    let result = try tool.run(
      "train", "--data", try folder.digits(), "--backend", "opencl", "--out", folder.file("run"))
    #expect(result.status == 1)
    #expect(result.error.contains("the kernels in \(kernels) do not compile"), "\(result.error)")
  }

  @Test func theMachinesLoaderGoesBeforeTheBundles() throws {
    let folder = try TemporaryFolder()
    let tool = try bundle(in: folder)
    let machines = try loader(of: Tool())
    #expect(machines != nil)
    _ = try ownLoader(in: folder)
    #expect(try loader(of: tool) == machines)
  }

  @Test func theBundlesLoaderIsForAMachineWithout() throws {
    let folder = try TemporaryFolder()
    var tool = try bundle(in: folder)
    try create("search", in: folder)
    try write("not a library", to: folder.file("search/libOpenCL.so.1"))
    tool.environment = ["LD_LIBRARY_PATH": folder.file("search")]
    let without = try tool.run("devices")
    #expect(without.status == 0)
    #expect(without.output.contains("auto takes blas: no OpenCL loader"), "\(without.output)")

    let own = try ownLoader(in: folder)
    #expect(try loader(of: tool) == own)
    let with = try tool.run("devices")
    #expect(with.output.contains("\nopencl:0 "), "\(with.output)")
  }

  /// The executable in a folder of its own, called through a link.
  private func bundle(in folder: borrowing TemporaryFolder) throws -> Tool {
    try create("bundle", in: folder)
    try FileManager.default.copyItem(
      atPath: PackagePaths.program.path, toPath: folder.file("bundle/vae"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "bundle/vae")
    return Tool(executable: folder.file("link"))
  }

  /// Gives the bundle a loader: the machine's.
  private func ownLoader(in folder: borrowing TemporaryFolder) throws -> String {
    let path = folder.file("bundle/lib/libOpenCL.so.1")
    try create("bundle/lib", in: folder)
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: try #require(try loader(of: Tool())))
    return path
  }

  /// The file of the OpenCL loader that is in use.
  private func loader(of tool: Tool) throws -> String? {
    var tool = tool
    tool.environment["LD_DEBUG"] = "files"
    let lines = try tool.run("devices").error.split(separator: "\n")
    let line = lines.first { $0.contains("calling init: ") && $0.contains("/libOpenCL.so.1") }
    return line.map { String($0.drop { $0 != "/" }) }
  }

  private func create(_ name: String, in folder: borrowing TemporaryFolder) throws {
    try FileManager.default.createDirectory(
      atPath: folder.file(name), withIntermediateDirectories: true)
  }

  private func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
