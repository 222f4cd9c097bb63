import Backend
import COpenCL
import Foundation
import OpenCLBackend
import TestSupport
import Testing

/// What a user sees when something on a device goes wrong, whichever it is.
@Suite struct OpenCLErrorTests {
  @Test(arguments: OpenCLScan.current().devices)
  func aKernelThatDoesNotCompileIsShownWithFileAndLine(device: OpenCLDevice) throws {
    let folder = try kernels { file, text in
      file == "optimizer.cl"
        ? "// a first line\n#include \"vector.h\"\nkernel void broken() { nonsense; }\n" + text
        : text
    }
    let error = #expect(throws: OpenCLError.self) {
      try OpenCLBackend(device: device.index, kernels: KernelSources(explicit: folder.path))
    }
    guard case .buildFailed(_, folder.path, let status, let log) = error else {
      Issue.record("the build ended with \(String(describing: error))")
      return
    }
    #expect(status.code == CL_BUILD_PROGRAM_FAILURE)
    #expect(log.contains("optimizer.cl:3:"))
    #expect(log.contains("nonsense"))
    #expect(error?.description.contains("--kernels") == true)
  }

  @Test func aMissingKernelFileIsNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "vector.h")
    #expect(
      throws: OpenCLError.kernelFileMissing(name: "activation.cl", tried: [folder.path])
    ) { try OpenCLBackend(kernels: KernelSources(explicit: folder.path)) }
  }

  @Test(arguments: [-1, 1000])
  func aDeviceThatIsNotThereIsNotDeviceZero(index: Int) {
    let error = #expect(throws: OpenCLError.self) { try OpenCLBackend(device: index) }
    guard case .noSuchDevice(index, _) = error else {
      Issue.record("device \(index) was \(String(describing: error))")
      return
    }
  }

  @Test(arguments: [1 << 50, Int.max / 2], OpenCLScan.current().devices)
  func anArenaBeyondTheDeviceIsOutOfMemory(elements: Int, device: OpenCLDevice) throws {
    let backend = try OpenCLBackend(device: device.index)
    try backend.allocate(elements: 64)
    let error = #expect(throws: BackendError.self) { try backend.allocate(elements: elements) }
    guard case .outOfMemory(backend.device, _, _, let available) = error else {
      Issue.record("the allocation ended with \(String(describing: error))")
      return
    }
    // However much the driver offers: 2³¹ elements, whose doubled index has 32 bits.
    #expect(available == min(device.maxAllocation, 4 << 31))
    // And it can still be used.
    try backend.allocate(elements: 64)
    let tensor = Tensor(offset: 0, rows: 8, columns: 8)
    #expect(try backend.download(tensor) == [Float](repeating: 0, count: 64))
  }

  /// Tiles of the kernels for CPUs read beyond a tensor's last row; behind the last tensor, too, there must be memory.
  @Test(arguments: [(Tuning.cpu, 32), (.cpuNarrow, 16)], OpenCLScan.current().devices)
  func theArenaReachesBeyondItsLastTensor(
    tile: (tuning: Tuning, columns: Int), device: OpenCLDevice
  )
    throws
  {
    let backend = try OpenCLBackend(device: device.index, tuning: tile.tuning)
    let bytes = device.largestBuffer / 4 * 4
    let error = #expect(throws: BackendError.self) { try backend.allocate(elements: bytes / 4) }
    guard case .outOfMemory(_, _, requested: let requested, _) = error else {
      Issue.record("the allocation ended with \(String(describing: error))")
      return
    }
    #expect(requested == bytes + 4 * tile.columns)
  }

  @Test(arguments: OpenCLScan.current().devices)
  func theFirstErrorIsKeptUntilTheNextSynchronization(device: OpenCLDevice) throws {
    let backend = try OpenCLBackend(device: device.index)
    try backend.allocate(elements: 64)
    // Beyond the arena's end, which OpenCL notices.
    backend.upload([1, 2, 3], to: Tensor(offset: 1 << 20, rows: 1, columns: 3))
    backend.upload([1, 2, 3, 4], to: Tensor(offset: 1 << 21, rows: 2, columns: 2))
    let expected = BackendError.operationFailed(
      operation: "upload 1×3", device: backend.device, reason: "CL_INVALID_VALUE")
    #expect(throws: expected) { try backend.download(Tensor(offset: 0, rows: 1, columns: 1)) }
    try backend.synchronize()
  }

  @Test(arguments: OpenCLScan.current().devices)
  func anOperationThatFailsIsNamed(device: OpenCLDevice) throws {
    // Kernels that compile, but lack one.
    let folder = try kernels { file, text in
      file == "activation.cl" ? text.replacing("activate_all", with: "another_name") : text
    }
    let backend = try OpenCLBackend(
      device: device.index, kernels: KernelSources(explicit: folder.path))
    try backend.allocate(elements: 64)
    let (input, sums) = (
      Tensor(offset: 0, rows: 4, columns: 8), Tensor(offset: 32, rows: 4, columns: 1)
    )
    backend.run(Activate(input: input, activation: .relu, output: input))
    backend.run(SumRows(input: input), output: sums)
    let expected = BackendError.operationFailed(
      operation: "activate relu 4×8", device: backend.device,
      reason: "CL_INVALID_KERNEL_NAME, kernel activate_all")
    #expect(throws: expected) { try backend.synchronize() }
    try backend.synchronize()
  }

  @Test func codesHaveNames() {
    #expect(OpenCLStatus(code: CL_OUT_OF_RESOURCES).description == "CL_OUT_OF_RESOURCES")
    #expect(OpenCLStatus(code: -1001).description == "CL_PLATFORM_NOT_FOUND_KHR")
    #expect(OpenCLStatus(code: -12345).description == "OpenCL error -12345")
  }

  @Test func unusableDriversAreNamed() throws {
    let folder = try TemporaryFolder()
    func failures() -> [String] {
      DriverRegistry.failures(environment: ["OCL_ICD_VENDORS": folder.path])
    }
    #expect(failures() == ["no OpenCL driver is registered: \(folder.path) has no .icd file"])
    try folder.write("libno-such-driver.so.1\n", to: "bogus.icd")
    try folder.write("\n", to: "empty.icd")
    let lines = failures()
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("\(folder.path)/bogus.icd names libno-such-driver.so.1"))
    #expect(lines[1] == "\(folder.path)/empty.icd names no library")
    #expect(
      DriverRegistry.failures(environment: ["OCL_ICD_VENDORS": "/nonexistent"])
        == ["no OpenCL driver is registered: /nonexistent does not exist"])
  }

  @Test func nvidiasDriverIsMissedWhereItIsNotRegistered() throws {
    let folder = try TemporaryFolder()
    // Any library that is there.
    func failures(nvidia: String = "libc.so.6") -> [String] {
      DriverRegistry.failures(environment: [:], folder: folder.path, nvidia: nvidia)
    }
    #expect(failures(nvidia: "libno-such-driver.so.1").count == 1)
    let lines = failures()
    #expect(lines.count == 2)
    #expect(lines[0].contains("not registered: write libc.so.6 into \(folder.path)/nvidia.icd"))
    try folder.write("libno-such-driver.so.1\n", to: "other.icd")
    #expect(failures().first == lines[0])
    try folder.write("libnvidia-opencl.so.1\n", to: "nvidia.icd")
    #expect(!failures().contains(lines[0]))
  }

  /// A copy of the kernels, each file's text changed by `edit`.
  private func kernels(_ edit: (String, String) -> String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let directory = try KernelSources(environment: [:]).directory
    for file in try FileManager.default.contentsOfDirectory(atPath: directory) {
      let text = try String(contentsOfFile: directory + "/" + file, encoding: .utf8)
      try folder.write(edit(file, text), to: file)
    }
    return folder
  }
}
