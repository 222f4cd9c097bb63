import Foundation
import Testing

extension FaultTests {
  /// `make test` tries every sixteenth fault.
  struct KernelFaultTests {
    @Test(arguments: [("cpu", KernelFaults.cpu), ("gpu", KernelFaults.gpu)])
    func everyFaultIsFound(tuning: String, faults: [Fault]) {
      let tried = faults.indices.filter { isComplete || $0 % 16 == 4 }.map { faults[$0] }
      FaultTests.try(tried, of: "\(tuning) kernel") { fault in
        try Kernels(with: fault).compare(tuning: tuning) { try $0.run() }
      }
    }

    @Test(arguments: ["cpu", "gpu"]) func soundKernelsPassOnTenSeeds(tuning: String) throws {
      try Kernels().compare(tuning: tuning) { try requireSoundness(of: $0) }
    }
  }
}

/// The real kernels, or with one fault, in a folder of their own.
private final class Kernels {
  private let folder: URL

  init(with fault: Fault? = nil) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.copyItem(at: package.appendingPathComponent("Kernels"), to: folder)
    guard let fault else { return }
    try fault.apply(below: folder).write(
      to: folder.appendingPathComponent(fault.file), atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Does something with a comparison of them, for as long as their folder is there.
  func compare<Result>(tuning: String, _ body: (Comparison) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) {
      try body(
        Comparison(
          arguments: ["--only", "operations", "--extent", "small", "--backends", "opencl:0"]
            + ["--kernels", folder.path, "--tuning", tuning]))
    }
  }
}
