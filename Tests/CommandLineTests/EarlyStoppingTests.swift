import Files
import Foundation
import TestSupport
import Testing

/// Runs that end when the test loss stops falling, and the best model beside the last.
@Suite struct EarlyStoppingTests {
  /// With so large a step the test loss soon rises and falls.
  private static let arguments = [
    "train", "--backend", "blas", "--encoder", "32", "--decoder", "32", "--latent", "4",
    "--batch-size", "16", "--epochs", "40", "--optimizer", "adamw", "--weight-decay", "0.05",
    "--learning-rate", "0.03", "--schedule", "step:20:0.5", "--warmup", "1epoch",
    "--clip-norm", "200",
  ]

  private func testLosses(_ run: String) throws -> [Double] {
    try String(contentsOfFile: "\(run)/metrics.jsonl", encoding: .utf8).split(separator: "\n")
      .map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      .filter { $0["split"] as? String == "test" }.map { try #require($0["loss"] as? Double) }
  }

  @Test func patienceEndsARunAndLongerPatienceGoesOn() throws {
    let folder = try TemporaryFolder()
    let data = ["--data", try folder.digits()]
    let (run, whole) = (folder.file("run"), folder.file("whole"))
    let stopped = try Tool().run(Self.arguments + data + ["--patience", "1", "--out", run])
    #expect(stopped.status == 0, "\(stopped.error)")
    #expect(stopped.output.contains("stopped early: no lower test loss for 1 epoch\n"))
    let losses = try testLosses(run)
    let lowest = try #require(losses.min())
    #expect(losses.count < 40 && losses.last ?? 0 >= lowest)
    #expect(losses.firstIndex(of: lowest) == losses.count - 2)

    let best = try Safetensors(contentsOf: "\(run)/best.safetensors")
    #expect(best.metadata["epoch"] == "\(losses.count - 1)")
    let bestLoss = try #require(best.metadata["test_loss"].flatMap(Double.init))
    #expect(abs(bestLoss - lowest) < 1e-12 * lowest)
    #expect(stopped.output.contains("\(run)/best.safetensors: epoch \(losses.count - 1), "))
    let evaluation = try Tool().run(
      "evaluate", "\(run)/best.safetensors", "--json", "--backend", "blas")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluation.output.utf8)) as? [String: Any])
    #expect(abs((object["loss"] as? Double ?? 0) - lowest) < 1e-9 * lowest)

    // Where it was to end there anyhow, nothing was early.
    let ended = try Tool().run(
      Self.arguments + data
        + ["--patience", "1", "--epochs", "\(losses.count)", "--out", folder.file("ended")])
    #expect(ended.status == 0 && !ended.output.contains("stopped early"), "\(ended.error)")

    let again = try Tool().run("train", "--resume", run)
    #expect(again.status == 1 && again.error.contains("stopped early"), "\(again.error)")
    #expect(again.error.contains("--patience above 1"))

    // The longer wait, in one go or resumed, ends in the same bits.
    let longer = ["--patience", "3"]
    #expect(try Tool().run(["train", "--resume", run] + longer).status == 0)
    #expect(try Tool().run(Self.arguments + data + longer + ["--out", whole]).status == 0)
    #expect(try testLosses(run) == testLosses(whole))
    for file in ["model.safetensors", "best.safetensors", "checkpoint.safetensors"] {
      let contents = try [run, whole].map {
        try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(file)"))
      }
      #expect(contents[0] == contents[1], "\(file)")
    }
  }

  @Test func metricsTellRateAndGradientNorms() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    let result = try Tool().run(
      Self.arguments + ["--data", try folder.digits(), "--epochs", "1", "--warmup", "19"]
        + ["--out", run])
    #expect(result.status == 0, "\(result.error)")
    let text = try String(contentsOfFile: "\(run)/metrics.jsonl", encoding: .utf8)
    let lines = try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines[0]["learning_rate"] as? Double == 0.03)
    #expect(lines[0]["gradient_norm"] as? Double ?? 0 > 0)
    let clipped = try #require(lines[0]["clipped_steps"] as? Int)
    #expect((1..<38).contains(clipped), "\(clipped) of 38 steps")
    #expect(lines[1]["gradient_norm"] == nil)
  }

  @Test func aLongerRunSaysWhereItsCosineGoesOn() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    let model = ["--encoder", "16", "--decoder", "16", "--latent", "2"]
    let first = try Tool().run(
      ["train", "--backend", "blas", "--data", try folder.digits(), "--schedule", "cosine"]
        + ["--epochs", "2", "--out", run] + model)
    #expect(first.status == 0, "\(first.error)")
    let longer = try Tool().run("train", "--resume", run, "--epochs", "4")
    #expect(longer.status == 0)
    #expect(
      longer.error.contains("the cosine now ends with epoch 4; the learning rate goes on at 0.0005")
    )
  }
}
