import Foundation
import TestSupport
import Testing

/// Likelihoods and objectives as a person meets them.
@Suite struct ObjectiveTests {
  private func train(_ run: String, _ data: String, _ options: String...) throws -> Tool.Result {
    let result = try Tool().run(
      [
        "train", "--data", data, "--backend", "blas", "--epochs", "2", "--out", run,
        "--encoder", "16", "--decoder", "16", "--latent", "3", "--batch-size", "64",
      ] + options)
    #expect(result.status == 0, "\(result.error)")
    return result
  }

  @Test func everyObjectiveSaysWhatItIs() throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(), folder.file("run"))
    let result = try train(
      run, data, "--binarize", "dynamic", "--beta-warmup", "1", "--free-bits", "0.5")
    #expect(result.output.contains("a probability of binarized pixels, nats"))
    #expect(result.output.contains("trained with β 0.9"))
    let metrics = try String(contentsOfFile: "\(run)/metrics.jsonl", encoding: .utf8)
    #expect(metrics.contains("\"unit\":\"nats\"") && metrics.contains("\"beta\":0.9"))
    let first = try Tool().run("evaluate", run, "--json", "--backend", "blas")
    #expect(first.status == 0 && first.error.contains("binarized once"))
    #expect(first.output == (try Tool().run("evaluate", run, "--json", "--backend", "blas")).output)
  }

  /// A step of all images, so that the first epoch's losses are those of the same parameters.
  @Test func severalDrawsMakeTheirBound() throws {
    let folder = try TemporaryFolder()
    _ = try folder.digits(train: 64, test: 20)
    func loss(_ name: String, _ options: String...) throws -> Double {
      let run = try folder.run(name)
      let result = try Tool().run(
        ["train", "--data", folder.file("data"), "--backend", "blas", "--epochs", "1"]
          + ["--encoder", "16", "--decoder", "16", "--latent", "3", "--overwrite", "--out", run]
          + options)
      #expect(result.status == 0, "\(result.error)")
      #expect(
        result.output.contains("of 5 draws an image") || result.output.contains(", 5 draws an"))
      let line = try String(contentsOfFile: "\(run)/metrics.jsonl", encoding: .utf8)
        .split(separator: "\n")[0]
      let metrics = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let resumed = try Tool().run("train", "--resume", run, "--epochs", "2")
      #expect(resumed.status == 0, "\(resumed.error)")
      return try #require(metrics?["loss"] as? Double)
    }
    let average = try loss("average", "--samples", "5")
    #expect(try loss("weighted", "--importance-samples", "5") < average)
    let models = try ["average", "weighted"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.file("\($0)/model.safetensors")))
    }
    #expect(models[0] != models[1])
  }

  @Test func likeLossesAreCompared() throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    let runs = (folder.file("fixed"), folder.file("learned"), folder.file("grey"))
    _ = try train(runs.0, data, "--likelihood", "gaussian", "--variance", "0.05")
    _ = try train(runs.1, data, "--likelihood", "gaussian-diagonal")
    _ = try train(runs.2, data)
    let like = try Tool().run("evaluate", runs.0, "--beside", runs.1, "--backend", "blas")
    #expect(like.status == 0 && like.output.contains("difference"), "\(like.error)")
    let unlike = try Tool().run("evaluate", runs.0, "--beside", runs.2, "--backend", "blas")
    #expect(unlike.status == 1 && unlike.output.isEmpty)
    #expect(
      unlike.error.contains("a density of grey pixels") && unlike.error.contains("cross entropy"))
  }
}
