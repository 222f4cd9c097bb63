import Foundation
import TestSupport
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
  private let folder: TemporaryFolder
  private var path: String { folder.file("Kernels") }

  init(with fault: Fault? = nil) throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: PackagePaths.kernels.path, toPath: path)
    guard let fault else { return }
    try folder.write(fault.apply(below: PackagePaths.kernels), to: "Kernels/\(fault.file)")
  }

  /// Does something with a comparison of them, for as long as their folder is there.
  func compare<Result>(tuning: String, _ body: (Comparison) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) {
      try body(
        Comparison(
          arguments: ["--only", "operations", "--extent", "small", "--backends", "opencl:0"]
            + ["--kernels", path, "--tuning", tuning]))
    }
  }
}
