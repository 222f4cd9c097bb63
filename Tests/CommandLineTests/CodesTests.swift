import Files
import Foundation
import TestSupport
import Testing

/// What is done with codes, as a person does it: each command on a small run, and what it refuses.
@Suite struct CodesTests {
  private static func train(_ folder: borrowing TemporaryFolder, _ name: String, _ more: String...)
    throws -> String
  {
    let run = folder.file(name)
    let result = try Tool().run(
      [
        "train", "--data", folder.file("data"), "--backend", "blas", "--epochs", "2", "--encoder",
        "32", "--decoder", "32", "--latent", "4", "--batch-size", "16", "--out", run,
      ] + more)
    #expect(result.status == 0, "\(result.error)")
    return run
  }

  private static func vae(_ arguments: String...) throws -> Tool.Result {
    try Tool().run(arguments + ["--backend", "blas"])
  }

  @Test func codesAndComponents() throws {
    let folder = try TemporaryFolder()
    _ = try folder.digits()
    let run = try Self.train(folder, "run")
    let codes = try Self.vae("codes", run, "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(codes.output.utf8)) as? [String: Any])
    let coordinates = try #require(object["coordinates"] as? [[String: Any]])
    #expect(coordinates.count == 4 && object["images"] as? Int == 100)
    let counts = coordinates.compactMap { ($0["bins"] as? [String: Any])?["counts"] as? [Int] }
    #expect(counts.map { $0.reduce(0, +) } == [100, 100, 100, 100])
    let shares = try #require(object["explained_variance"] as? [Double])
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9 && shares == shares.sorted(by: >))
    let table = try Self.vae("codes", run, "--of", "means")
    #expect(table.output.contains("nats from N(0, I)") && table.output.contains("means of 100"))

    // The same figure as an evaluation's, which a person compares.
    let evaluation = try Self.vae("evaluate", run, "--json")
    let evaluated = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluation.output.utf8)) as? [String: Any])
    #expect(
      evaluated["aggregate_posterior_kl"] as? Double == object["aggregate_divergence"] as? Double)
    // The Gaussian's divergence is at most the mean of the posteriors'.
    #expect(
      try #require(evaluated["aggregate_posterior_kl"] as? Double)
        <= #require(evaluated["kl"] as? Double))

    for (of, dimensions) in [("codes", 3), ("pixels", 2)] {
      let out = folder.file("\(of).npy")
      let result = try Self.vae(
        "pca", run, "--of", of, "--dimensions", "\(dimensions)", "--out", out)
      #expect(result.status == 0, "\(result.error)")
      #expect(try NumPyArray(contentsOf: out).shape == [100, dimensions])
    }
    let many = try Self.vae("pca", run, "--dimensions", "5", "--out", folder.file("x.npy"))
    #expect(many.status == 2 && many.error.contains("--dimensions is 5"))

    let dimensions = try Self.vae("dimensions", run, "--dimensions", "1,9")
    #expect(dimensions.status == 0, "\(dimensions.error)")
    let rows = dimensions.output.split(separator: "\n").filter { $0.hasSuffix("dB") }
    #expect(rows.map { $0.hasPrefix("PCA") } == [true, false, true, true])
  }

  @Test func aMixtureIsFittedKeptAndDrawnFrom() throws {
    let folder = try TemporaryFolder()
    _ = try folder.digits()
    let run = try Self.train(folder, "run")
    let samples = folder.file("mixture.png")
    let early = try Self.vae("sample", run, "--prior", "mixture", "--out", samples)
    #expect(early.status == 1 && early.error.contains("vae fit-prior"))

    let fit = try Self.vae("fit-prior", run, "--components", "1,3", "--covariance", "diagonal")
    #expect(fit.status == 0, "\(fit.error)")
    #expect(fit.output.contains("held out") && fit.output.contains("N(0, I)"))
    let first = try Data(contentsOf: URL(fileURLWithPath: "\(run)/prior.safetensors"))
    try FileManager.default.removeItem(atPath: "\(run)/prior.safetensors")
    _ = try Self.vae("fit-prior", run, "--components", "1,3", "--covariance", "diagonal")
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(run)/prior.safetensors")) == first)

    let mixture = try Self.vae("sample", run, "--prior", "mixture", "--out", samples)
    #expect(mixture.status == 0, "\(mixture.error)")
    _ = try Self.vae("sample", run, "--out", folder.file("standard.png"))
    #expect(
      try Image(png: samples).pixels != Image(png: folder.file("standard.png")).pixels)
    // Another training is another model, whose codes the mixture does not know.
    let resumed = try Tool().run("train", "--resume", run, "--epochs", "3")
    #expect(resumed.status == 0, "\(resumed.error)")
    let stale = try Self.vae("sample", run, "--prior", "mixture", "--out", samples)
    #expect(stale.status == 1 && stale.error.contains("another model"))
  }

  @Test(arguments: [[], ["--conditional"]])
  func aDataSetIsCompressedAndComesBack(options: [String]) throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits()
    let run = folder.file("run")
    let trained = try Tool().run(
      [
        "train", "--data", data, "--backend", "blas", "--epochs", "1", "--latent", "4", "--out",
        run,
      ]
        + options)
    #expect(trained.status == 0, "\(trained.error)")
    let (file, out) = (folder.file("f.vaez"), folder.file("f.npy"))
    let compressed = try Self.vae("compress", run, "--out", file, "--bits", "6")
    #expect(compressed.status == 0, "\(compressed.error)")
    let size = try Data(contentsOf: URL(fileURLWithPath: file)).count
    let rate = String(format: "%.4f bits a pixel", Double(8 * size) / 78_400)
    #expect(compressed.output.contains(rate))

    let restored = try Self.vae("decompress", file, "--run", run, "--out", out)
    #expect(restored.status == 0, "\(restored.error)")
    let array = try NumPyArray(contentsOf: out)
    #expect(array.shape == [100, 28, 28])
    guard case .uint8(let pixels) = array.elements else {
      Issue.record("the images are bytes")
      return
    }
    // What comes back is as far from the images as was said.
    let originals = try Data(contentsOf: URL(fileURLWithPath: "\(data)/t10k-images-idx3-ubyte"))
      .dropFirst(16)
    let squares = zip(originals, pixels).reduce(0) { sum, pair in
      sum + (Int(pair.0) - Int(pair.1)) * (Int(pair.0) - Int(pair.1))
    }
    let error = String(format: "MSE %.5f", Double(squares) / (255 * 255 * 78_400))
    #expect(compressed.output.contains(error), "\(error)\n\(compressed.output)")
    let idx = folder.file("f-idx3-ubyte")
    #expect(try Self.vae("decompress", file, "--run", run, "--out", idx).status == 0)
    #expect(try Array(Data(contentsOf: URL(fileURLWithPath: idx)).dropFirst(16)) == pixels)

    let table = try Self.vae("compress", run, "--table")
    #expect(table.status == 0, "\(table.error)")
    #expect(table.output.split(separator: "\n").count { $0.hasSuffix("dB") } == 9)
  }

  /// Cells of one width, or of one probability under N(0, 1): other codes, and other images.
  @Test func cellsAreWhereTheQuantizerPutsThem() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let (file, out) = (folder.file("f.vaez"), folder.file("f.npy"))
    let images = try ["range", "quantiles"].map { rule in
      let compressed = try Self.vae(
        "compress", run, "--quantizer", rule, "--bits", "2", "--out", file)
      #expect(compressed.status == 0, "\(compressed.error)")
      #expect(try Self.vae("decompress", file, "--run", run, "--out", out).status == 0)
      return try NumPyArray(contentsOf: out)
    }
    #expect(images.map(\.shape) == [[20, 28, 28], [20, 28, 28]])
    #expect(images[0].data() != images[1].data())
  }

  @Test func aFileOfAnotherModelOrADamagedOneIsRefused() throws {
    let folder = try TemporaryFolder()
    _ = try folder.digits()
    let (run, other) = (
      try Self.train(folder, "run"), try Self.train(folder, "other", "--seed", "2")
    )
    let (file, out) = (folder.file("f.vaez"), folder.file("f.npy"))
    _ = try Self.vae("compress", run, "--out", file)
    let foreign = try Self.vae("decompress", file, "--run", other, "--out", out)
    #expect(foreign.status == 1 && foreign.error.contains("SHA-256"))
    var content = try Data(contentsOf: URL(fileURLWithPath: file))
    content[content.count / 2] ^= 1
    try content.write(to: URL(fileURLWithPath: file))
    let damaged = try Self.vae("decompress", file, "--run", run, "--out", out)
    #expect(damaged.status == 1 && damaged.error.contains("checksum"))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  /// A covariance of so many dimensions takes more memory than it is worth; the rest is there.
  @Test func aggregatesOfManyDimensionsAreLeftOut() throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(train: 32, test: 8), folder.file("run"))
    let trained = try Tool().run(
      "train", "--data", data, "--backend", "blas", "--epochs", "1", "--encoder", "4", "--decoder",
      "4", "--latent", "8193", "--out", run)
    #expect(trained.status == 0, "\(trained.error)")
    let evaluation = try Self.vae("evaluate", run)
    #expect(evaluation.status == 0, "\(evaluation.error)")
    #expect(evaluation.output.contains("not compared with N(0, I): 8193 dimensions"))
    let codes = try Self.vae("codes", run)
    #expect(codes.status == 1 && codes.error.contains("8193 dimensions"), "\(codes.error)")
  }

  @Test func optionsThatExcludeOneAnother() throws {
    for (arguments, message) in [
      (["compress", "r"], "--out FILE, or --table"),
      (["compress", "r", "--table", "--out", "f"], "leave out --out"),
      (["compress", "r", "--table", "--bits", "3"], "leave out --bits"),
      (["compress", "r", "--out", "f", "--bits", "17"], "--bits must be between 1 and 16"),
      (["fit-prior", "r", "--components", "3,0"], "--components"),
      (["fit-prior", "r", "--covariance", "spherical"], "diagonal, full"),
      (["decompress", "f", "--out", "g.npy"], "--run"),
    ] {
      let result = try Tool().run(arguments)
      #expect(result.status == 2 && result.error.contains(message), "\(result.error)")
    }
  }
}
