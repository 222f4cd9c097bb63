import Backends
import OpenCLBackend
import Testing

/// The decision over machines that are not at hand.
@Suite struct ChoiceTests {
  static func device(
    _ index: Int, _ type: OpenCLDevice.Kind, _ name: String, megabytes: Int = 8192,
    compiler: Bool = true, available: Bool = true
  ) -> OpenCLDevice {
    OpenCLDevice(
      index: index, platform: type == .cpu ? "Portable Computing Language" : "NVIDIA CUDA",
      name: name, type: type, driver: "1.0", version: "OpenCL 1.2", memory: megabytes << 20,
      maxAllocation: megabytes << 18, computeUnits: 4, compilerAvailable: compiler,
      available: available)
  }

  static let cpu = device(0, .cpu, "Xeon")
  static let small = device(1, .gpu, "GeForce GT 1030", megabytes: 2048)
  static let large = device(2, .gpu, "NVIDIA H200", megabytes: 143_000)
  static let scan = OpenCLScan(platforms: ["a", "b"], devices: [cpu, small, large])

  private func chosen(
    _ request: BackendRequest, _ scan: OpenCLScan = scan, requireGPU: Bool = false,
    memory bytes: Int? = nil, tables: [Int] = [], unusable: [Int: String] = [:]
  ) throws(BackendChoiceError) -> Choice {
    let memory = bytes.map { MemoryDemand(arena: $0 / 4, tables: tables) }
    return try choose(
      request, requireGPU: requireGPU, among: scan, memory: memory, unusable: unusable)
  }

  @Test func automaticTakesTheFirstUsableGPU() throws {
    #expect(try chosen(.automatic).target == .opencl(1))
    #expect(try chosen(.automatic, memory: 3 << 30).target == .opencl(2))
    #expect(try chosen(.automatic, unusable: [1: "no"]).target == .opencl(2))
    #expect(try chosen(.automatic, requireGPU: true).target == .opencl(1))
    let accelerator = OpenCLScan(platforms: [], devices: [Self.device(0, .accelerator, "Phi")])
    #expect(try chosen(.automatic, accelerator).target == .opencl(0))
  }

  @Test func automaticNeverTakesACPU() throws {
    let choice = try chosen(.automatic, OpenCLScan(platforms: [], devices: [Self.cpu]))
    #expect(choice.target == .blas)
    #expect(choice.reason.contains("CPU"))
  }

  @Test(arguments: [
    (
      device(0, .gpu, "Radeon", compiler: false),
      "Radeon cannot be used: its driver has no compiler"
    ),
    (device(0, .gpu, "Radeon", available: false), "Radeon cannot be used: its driver says"),
    (device(0, .gpu, "Radeon", megabytes: 512), "it has 512 MB of memory, and 1024 MB are needed"),
  ])
  func automaticFallsBackAndSaysWhy(device: OpenCLDevice, reason: String) throws {
    let scan = OpenCLScan(platforms: [], devices: [device])
    let choice = try chosen(.automatic, scan, memory: 1 << 30)
    #expect(choice.target == .blas)
    #expect(choice.reason.contains(reason))
    #expect(throws: BackendChoiceError.self) {
      try chosen(.automatic, scan, requireGPU: true, memory: 1 << 30)
    }
    #expect(throws: BackendChoiceError.self) { try chosen(.openclIndex(0), scan, memory: 1 << 30) }
  }

  /// A device gives no more than a part of its memory in one piece, and the kernels count to 2³¹.
  @Test func aBufferMustFitInOnePiece() throws {
    let whole = 8192 << 20
    let scan = OpenCLScan(platforms: [], devices: [Self.device(0, .gpu, "Radeon")])
    let choice = try chosen(.automatic, scan, memory: whole / 2)
    #expect(choice.target == .blas)
    #expect(choice.reason.contains("it gives 2048 MB in one piece, and 4096 MB are needed"))
    #expect(
      try chosen(.automatic, scan, memory: whole / 4, tables: [whole / 4, whole / 4]).target
        == .opencl(0))
    #expect(
      try chosen(.automatic, scan, memory: whole / 8, tables: [whole / 2]).target == .blas)
    #expect(try chosen(.automatic, memory: 4 << 31).target == .opencl(2))
    #expect(try chosen(.automatic, memory: 4 << 31 + 4).target == .blas)
    #expect(throws: BackendChoiceError.self) {
      try chosen(.openclIndex(0), scan, memory: whole / 2)
    }
  }

  @Test func aFailedBuildIsAReasonOfOneLine() throws {
    let scan = OpenCLScan(platforms: [], devices: [Self.large])
    let choice = try chosen(.automatic, scan, unusable: [2: "does not compile\nloss.cl:3: error"])
    #expect(choice == Choice(target: .blas, reason: "NVIDIA H200 cannot be used: does not compile"))
  }

  @Test func nothingInstalledIsNamed() throws {
    let scan = OpenCLScan(platforms: [], devices: [], failures: ["no OpenCL platform is installed"])
    #expect(try chosen(.automatic, scan).reason == "no OpenCL platform is installed")
    #expect(throws: BackendChoiceError.noGPU(found: scan.failures)) {
      try chosen(.automatic, scan, requireGPU: true)
    }
    #expect(throws: BackendChoiceError.noSuchDevice(.opencl, found: scan.failures)) {
      try chosen(.opencl, scan)
    }
  }

  @Test func requireGPUListsWhatWasFound() throws {
    let scan = OpenCLScan(platforms: [], devices: [Self.cpu], failures: ["x.icd names y"])
    for request in [BackendRequest.automatic, .opencl, .openclIndex(0)] {
      let error = #expect(throws: BackendChoiceError.self) {
        try chosen(request, scan, requireGPU: true)
      }
      #expect(error?.description.contains("opencl:0 cpu Xeon") == true)
      #expect(error?.description.contains("x.icd names y") == true)
      #expect(error?.isUsageError == false)
    }
    #expect(throws: BackendChoiceError.gpuExcluded(.blas)) { try chosen(.blas, requireGPU: true) }
  }

  @Test func openclPrefersAGPUAndTakesACPU() throws {
    #expect(try chosen(.opencl).target == .opencl(1))
    #expect(try chosen(.opencl, unusable: [1: "no", 2: "no"]).target == .opencl(0))
    #expect(throws: BackendChoiceError.self) {
      try chosen(.opencl, unusable: [0: "no", 1: "no", 2: "no"])
    }
  }

  @Test func namesMatchInAnyCase() throws {
    #expect(try chosen(.openclName("h200")).target == .opencl(2))
    #expect(try chosen(.openclName("portable")).target == .opencl(0))
    let error = #expect(throws: BackendChoiceError.self) { try chosen(.openclName("nvidia")) }
    guard case .ambiguousName(_, let matches) = error else {
      Issue.record("an ambiguous name was \(String(describing: error))")
      return
    }
    #expect(matches.count == 2)
  }

  @Test(arguments: [BackendRequest.openclIndex(3), .openclIndex(.max), .openclName("Intel")])
  func whatIsNotThereIsNeverDeviceZero(request: BackendRequest) throws {
    let error = #expect(throws: BackendChoiceError.self) { try chosen(request) }
    guard case .noSuchDevice(request, let found) = error else {
      Issue.record("\(request) was \(String(describing: error))")
      return
    }
    #expect(found.count == 3)
  }
}
