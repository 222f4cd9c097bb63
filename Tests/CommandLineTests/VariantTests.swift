import Files
import Foundation
import TestSupport
import Testing

/// Conditional models, separate encoders and plain autoencoders as processes.
@Suite struct VariantTests {
  private static func train(_ data: String, _ run: String, _ options: [String]) throws
    -> Tool.Result
  {
    try Tool().run(
      ["train", "--data", data, "--encoder", "16", "--decoder", "16", "--latent", "4", "--epochs"]
        + ["1", "--out", run] + options)
  }

  @Test(arguments: ["blas", "opencl", "reference"])
  func conditionalModelIsAskedByLabel(backend: String) throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(train: 64, test: 20), folder.file("run"))
    let result = try Self.train(data, run, ["--conditional", "--backend", backend])
    #expect(result.status == 0 && result.output.contains("conditional on 10 classes"), "\(result)")
    func use(_ command: String, _ options: String...) throws -> Tool.Result {
      try Tool().run([command, run, "--backend", backend] + options)
    }
    let picture = folder.file("picture.png")
    let all = try use("sample", "--count", "21", "--out", picture)
    #expect(all.output.contains("3 samples of each of 10 labels"), "\(all)")
    let one = try use("sample", "--count", "9", "--label", "3", "--out", picture)
    #expect(one.output.contains("9 samples of label 3"), "\(one)")
    #expect(try use("sample", "--label", "10", "--out", picture).error.contains("0 to 9"))
    #expect(
      try use("reconstruct", "--label", "5", "--out", picture).output.contains("decoded as 5"))
    #expect(try use("evaluate", "--json").status == 0)
    #expect(try use("encode", "--out", folder.file("codes.npy")).output.contains("20 × 8"))

    for name in ["train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"] {
      try FileManager.default.removeItem(atPath: "\(data)/\(name)")
    }
    let unlabelled = try Self.train(data, folder.file("other"), ["--conditional"])
    #expect(unlabelled.status == 1 && unlabelled.error.contains("images without labels"))
    #expect(try use("evaluate").error.contains("images without labels"))
  }

  @Test func autoencoderHasNoDivergence() throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(train: 64, test: 20), folder.file("run"))
    let result = try Self.train(data, run, ["--autoencoder", "--backend", "blas"])
    #expect(result.status == 0 && result.output.contains(", autoencoder, "))
    #expect(!result.output.contains("β"), "there is no KL term to weigh")
    #expect(
      !result.output.replacing("without a KL term", with: "").contains("KL"), "\(result.output)")
    let metrics = try String(contentsOfFile: "\(run)/metrics.jsonl", encoding: .utf8)
    #expect(metrics.contains("\"reconstruction\"") && !metrics.contains("\"kl\""))
    let evaluation = try Tool().run("evaluate", run, "--json", "--backend", "blas")
    #expect(evaluation.status == 0 && !evaluation.output.contains("\"kl\""))
    let codes = try Tool().run(
      "encode", run, "--backend", "blas", "--out", folder.file("codes.npy"))
    #expect(codes.output.contains("20 × 4"))
    let samples = try Tool().run(
      "sample", run, "--backend", "blas", "--out", folder.file("picture.png"))
    #expect(samples.status == 0 && samples.error.contains("trained for no prior"))
    let labelled = try Tool().run(
      "sample", run, "--backend", "blas", "--label", "1", "--out", folder.file("picture.png"))
    #expect(labelled.status == 1 && labelled.error.contains("train one with --conditional"))
    let draws = try Tool().run("evaluate", run, "--backend", "blas", "--samples", "2")
    #expect(draws.status == 2 && draws.error.contains("draws none"))
  }

  @Test func separateEncodersAreTwoNetworks() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    let result = try Self.train(
      try folder.digits(train: 64, test: 20), run,
      ["--separate-encoders", "--conditional", "--posterior", "sigma", "--backend", "opencl"])
    #expect(result.status == 0 && result.output.contains("from separate encoders"), "\(result)")
    let names = try Safetensors(contentsOf: "\(run)/model.safetensors").tensors.map(\.name)
    #expect(names.contains("mean_encoder.0.weight") && names.contains("variance_encoder.0.weight"))
    let resumed = try Tool().run("train", "--resume", run, "--epochs", "2")
    #expect(resumed.status == 0, "\(resumed)")
  }

  @Test(arguments: [
    (["--autoencoder", "--separate-encoders"], "--separate-encoders"),
    (["--autoencoder", "--posterior", "sigma"], "--posterior"),
    (["--autoencoder", "--beta", "2"], "--beta"),
    (["--conditional", "--train-on-labels", "0,1"], "--train-on-labels"),
  ])
  func contradictionsAreRefused(options: [String], culprit: String) throws {
    let result = try Tool().run(["train"] + options)
    #expect(result.status == 2 && result.error.contains(culprit), "\(result)")
  }
}
