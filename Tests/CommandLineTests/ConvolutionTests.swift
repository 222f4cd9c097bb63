import Files
import Foundation
import TestSupport
import Testing

/// Convolutional models as a person meets them.
@Suite struct ConvolutionTests {
  @Test(arguments: ["blas", "opencl"])
  func channelsAndKernelMakeTheModel(backend: String) throws {
    let folder = try TemporaryFolder()
    let run = try folder.run(
      "run", "--convolutions", "4,6", "--kernel", "3", "--backend", backend)
    let shapes = try Safetensors(contentsOf: "\(run)/model.safetensors").tensors
      .filter { $0.shape.count == 4 }.map { "\($0.name) \($0.shape)" }
    #expect(
      shapes.sorted() == [
        "decoder.2.weight [6, 4, 3, 3]", "encoder.0.weight [4, 1, 3, 3]",
        "encoder.1.weight [6, 4, 3, 3]", "output.weight [4, 1, 3, 3]",
      ])
    func loss() throws -> Double {
      let result = try Tool().run("evaluate", run, "--json", "--backend", backend)
      return try #require(try result.object()["loss"] as? Double)
    }
    let before = try loss()
    let resumed = try Tool().run("train", "--resume", run, "--epochs", "5")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try loss() < before)
  }

  @Test func thePresetsLayersCanBeReplaced() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run(
      "run", "--preset", "conv", "--convolutions", "5", "--stride", "4", "--padding", "0")
    let tensors = try Safetensors(contentsOf: "\(run)/model.safetensors").tensors
    #expect(tensors.first { $0.name == "encoder.0.weight" }?.shape == [5, 1, 4, 4])
    // 28 pixels by fours make 7.
    #expect(tensors.first { $0.name == "encoder.1.weight" }?.shape == [16, 5 * 7 * 7])
  }

  @Test func whatFitsNoImageIsRefused() throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits(train: 16, test: 4)
    for (options, expected) in [
      (["--kernel", "3"], "--kernel is about convolutions"),
      (["--convolutions", "4", "--kernel", "60"], "kernel of convolution 1 is 60"),
    ] {
      let result = try Tool().run(
        ["train", "--data", data, "--backend", "blas", "--out", folder.file("run")] + options)
      #expect(result.status == 2 && result.error.contains(expected), "\(result.error)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("run")))
    }
  }
}
