import Backend
import Backends
import Foundation
import OpenCLBackend
import TestSupport
import Testing

/// One after the other: PoCL 3.1 may crash where several threads build programs for the first time.
@Suite(.serialized) final class StoredTilingTests {
  private let cache: TemporaryFolder
  private var environment: [String: String] { ["XDG_CACHE_HOME": cache.path] }
  private let product = MatrixProduct(
    .dense, outputs: [Tensor(offset: 0, rows: 128, columns: 400)], depth: 784)

  init() throws { cache = try TemporaryFolder() }

  /// The kernels for GPUs, on whatever device there is.
  private func device() throws -> OpenCLBackend { try OpenCLBackend(device: 0, tuning: .gpu) }

  private func chosen() throws -> ChosenBackend {
    try chooseBackend(try BackendRequest("opencl:0"), tuning: .gpu, environment: environment)
  }

  @Test("What is kept for a device decides how its products are divided, and is told")
  func isApplied() throws {
    let device = try device()
    let other = try #require(
      device.gpuTiling.map { tiling in
        tiling.variants(of: product).first { $0 != tiling.rule(product) }
      }
        ?? nil)
    var stored = StoredTiling(for: device)
    stored.add([.init(product: product, variant: GPUVariant(.small, slices: 7))])
    stored.add([.init(product: product, variant: other)])
    #expect(stored.choices.count == 1)
    _ = try stored.save(environment: environment)
    let chosen = try chosen()
    #expect(chosen.tuning?.contains("1 products divided as `vae tune` measured") == true)
    let tiling = try #require((chosen.backend as? OpenCLBackend)?.gpuTiling)
    #expect(tiling.variant(of: product) == other)
  }

  @Test("Without anything kept, and for the kernels for CPUs, nothing is said")
  func isSilent() throws {
    #expect(try chosen().tuning == nil)
    _ = try StoredTiling(for: device()).save(environment: environment)
    let cpu = try chooseBackend(
      try BackendRequest("opencl:0"), tuning: .cpu, environment: environment)
    #expect(cpu.tuning == nil)
  }

  @Test("A damaged file is ignored with a note", arguments: ["", "{}", "not JSON"])
  func damaged(content: String) throws {
    let path = try StoredTiling(for: device()).save(environment: environment)
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try chosen().tuning?.contains("tuning ignored: \(path) is damaged") == true)
  }

  @Test("What was measured with other kernels is ignored with a note")
  func stale() throws {
    let path = try StoredTiling(for: device()).save(environment: environment)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let digits = try #require(text.firstMatch(of: /"kernels" : "([0-9a-f]{64})"/)?.1)
    try text.replacingOccurrences(of: digits, with: String(repeating: "0", count: 64))
      .write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try chosen().tuning?.contains("was measured with other kernels") == true)
  }
}
