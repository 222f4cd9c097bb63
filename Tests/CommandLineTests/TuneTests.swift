import Foundation
import TestSupport
import Testing

/// `vae tune`, on a device that need not be a GPU.
@Suite struct TuneTests {
  @Test func whatIsMeasuredIsKeptUsedAndForgotten() throws {
    let folder = try TemporaryFolder()
    // PoCL's own cache stays where it is.
    let cache =
      ProcessInfo.processInfo.environment["POCL_CACHE_DIR"]
      ?? FileManager.default.homeDirectoryForCurrentUser.path + "/.cache/pocl/kcache"
    let tool = Tool(environment: ["XDG_CACHE_HOME": folder.path, "POCL_CACHE_DIR": cache])
    func tune(_ options: String...) throws -> Tool.Result {
      try tool.run(["tune", "--backend", "opencl:0", "--tuning", "gpu"] + options)
    }
    #expect(try tune("--forget").output.contains("nothing is kept"))
    let result = try tune("--batch-size", "1", "--seconds", "0.0001")
    #expect(result.status == 0 && result.output.contains("8 products"), "\(result.error)")
    let kept = folder.file("swift-vae/tuning")
    #expect(try FileManager.default.contentsOfDirectory(atPath: kept).count == 1)
    #expect(try tune("--forget").output.contains("forgot \(kept)/"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: kept).isEmpty)
  }

  @Test func thereIsNothingToTuneWithoutTiles() throws {
    for (options, expected) in [
      (["--backend", "blas"], "--backend blas has none"),
      (["--backend", "opencl:0", "--tuning", "cpu"], "runs the kernels for CPUs"),
    ] {
      let result = try Tool().run(["tune", "--seconds", "0.001"] + options)
      #expect(result.status == 2 && result.error.contains(expected), "\(result.error)")
    }
  }
}
