import Foundation
import OpenCLBackend
import TestSupport
import Testing

@Suite struct KernelSourcesTests {
  @Test func theOrderOfTheSearch() throws {
    let root = try TemporaryFolder()
    try root.write("", to: "checkout/Package.swift")
    let executable = root.path + "/checkout/.build/release/vae"
    let beside = root.path + "/checkout/.build/release/Kernels"
    let checkout = root.path + "/checkout/Kernels"
    let resources = root.path + "/checkout/.build/release/swift-vae_OpenCLBackend.resources"

    func found(explicit: String? = nil, _ environment: [String: String] = [:]) throws -> String {
      try KernelSources(explicit: explicit, environment: environment, executable: executable)
        .directory
    }

    let error = #expect(throws: OpenCLError.self) { try found() }
    #expect(error == .kernelFileMissing(name: "vector.h", tried: [beside, checkout, resources]))
    for folder in [resources, checkout, beside] {
      try root.write("", to: folder.dropFirst(root.path.count + 1) + "/vector.h")
      #expect(try found() == folder)
    }
    for folder in ["named", "explicit"] { try root.write("", to: folder + "/vector.h") }
    let named = ["VAE_KERNELS": root.path + "/named"]
    #expect(try found(named) == root.path + "/named")
    #expect(try found(explicit: root.path + "/explicit", named) == root.path + "/explicit")
  }

  @Test func aFolderThatIsNamedIsTheOnlyOneTried() throws {
    let error = #expect(throws: OpenCLError.self) {
      try KernelSources(explicit: "/nonexistent", environment: ["VAE_KERNELS": "/other"])
    }
    #expect(error == .kernelFileMissing(name: "vector.h", tried: ["/nonexistent"]))
    #expect(error?.description.contains("--kernels") == true)
  }

  @Test func includesKeepFileAndLine() throws {
    let folder = try TemporaryFolder()
    try folder.write("h\n", to: "vector.h")
    try folder.write("a\n#include \"vector.h\"\nb", to: "x.cl")
    let sources = try KernelSources(explicit: folder.path)
    #expect(
      try sources.text(of: ["x.cl"])
        == "#line 1 \"x.cl\"\na\n#line 1 \"vector.h\"\nh\n\n#line 3 \"x.cl\"\nb\n")
    #expect(throws: OpenCLError.kernelFileMissing(name: "y.cl", tried: [folder.path])) {
      try sources.text(of: ["y.cl"])
    }
  }

  @Test func thePackagesOwnKernelsAreFound() throws {
    let sources = try KernelSources(environment: [:])
    #expect(try sources.text(of: ["matmul_cpu.cl"]).contains("dense_input_gradient"))
  }

  @Test func theResourcesAreFiles() throws {
    // What SwiftPM put beside the test executable: files, not a link out of the bundle.
    let folder = URL(fileURLWithPath: KernelSources.executable).deletingLastPathComponent()
      .appendingPathComponent("swift-vae_OpenCLBackend.resources").path
    let files = try FileManager.default.contentsOfDirectory(
      atPath: KernelSources(environment: [:]).directory)
    #expect(files.contains("matmul_gpu_tile.h"))
    for file in files {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + file)
      #expect(attributes[.type] as? FileAttributeType == .typeRegular)
    }
  }
}
