import Foundation
import Testing

/// `vae compare` against kernels with a fault each: what it exists for is that none goes unnoticed.
///
/// All faults are tried by `make test-faults`; `make test` tries every sixteenth.
@Suite(.serialized) struct KernelFaultTests {
  private static let isComplete = ProcessInfo.processInfo.environment["VAE_FAULTS"] == "all"

  @Test func everyFaultIsFound() throws {
    let faults =
      Self.isComplete
      ? KernelFault.all
      : KernelFault.all.enumerated().filter { $0.offset % 16 == 4 }.map(\.element)
    var found = 0
    for fault in faults {
      let status = try Mutant(fault).compare()
      let expected: Int32 = fault.equivalence == nil ? 1 : 0
      #expect(status == expected, "\(fault.testDescription)")
      found += status == 1 && expected == 1 ? 1 : 0
      let verdict =
        fault.equivalence.map { "equivalent: \($0)" } ?? (status == 1 ? "found" : "MISSED")
      print("\(fault.testDescription): \(verdict)")
    }
    print("\(found) of \(faults.count { $0.equivalence == nil }) kernel faults found")
  }

  @Test func soundKernelsPassOnTenSeeds() throws {
    for seed in 1...10 { #expect(try Mutant(nil).compare(seed: seed) == 0, "seed \(seed)") }
  }
}

/// The real kernels with one fault, in a folder of their own.
private final class Mutant {
  private let folder: URL
  private let isForGPU: Bool

  init(_ fault: KernelFault?) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    isForGPU = fault?.isForGPU ?? false
    try FileManager.default.copyItem(at: package.appendingPathComponent("Kernels"), to: folder)
    guard let fault else { return }
    let file = folder.appendingPathComponent(fault.file)
    let source = try String(contentsOf: file, encoding: .utf8)
    let parts = source.components(separatedBy: fault.original)
    try #require(parts.count >= 2, "\(fault.testDescription): its text is no longer in the file")
    try parts.joined(separator: fault.replacement).write(
      to: file, atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The exit code of the comparison.
  func compare(seed: Int = 1) throws -> Int32 {
    let process = Process()
    process.executableURL = executable
    process.arguments =
      ["compare", "--only", "operations", "--extent", "small", "--backends", "opencl:0"]
      + ["--kernels", folder.path, "--seed", "\(seed)"] + (isForGPU ? ["--tuning", "gpu"] : [])
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// The root of the package.
let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// `vae`, which the build puts beside the tests.
let executable: URL = {
  let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
  return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("vae")
}()
