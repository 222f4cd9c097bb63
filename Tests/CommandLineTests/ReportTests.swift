import Foundation
import FoundationXML
import TestSupport
import Testing
import VAE

/// `vae report`, as a browser without a network finds it.
@Suite struct ReportTests {
  private static func train(
    _ name: String, in folder: borrowing TemporaryFolder, _ options: [String]
  )
    throws -> String
  {
    let data = folder.file("data")
    if !FileManager.default.fileExists(atPath: data) { _ = try folder.digits(train: 300, test: 60) }
    let run = folder.file(name)
    let result = try Tool().run(
      [
        "train", "--data", data, "--backend", "blas", "--epochs", "2", "--encoder", "32",
        "--decoder", "32", "--batch-size", "16", "--out", run, "--quiet",
      ] + options)
    #expect(result.status == 0, "\(result.error)")
    return run
  }

  private static func page(_ arguments: [String], in folder: borrowing TemporaryFolder) throws
    -> String
  {
    let out = folder.file("report.html")
    let result = try Tool().run(["report"] + arguments + ["--out", out, "--backend", "blas"])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("\(out): ") && result.output.contains("blas on "))
    return try String(contentsOfFile: out, encoding: .utf8)
  }

  private static func parts(of page: String, from start: String, to end: String) -> [String] {
    page.components(separatedBy: start).dropFirst()
      .compactMap { $0.components(separatedBy: end).first.map { start + $0 + end } }
  }

  @Test func holdsEverythingItself() throws {
    let folder = try TemporaryFolder()
    let run = try Self.train("a<i>&b", in: folder, ["--latent", "2"])
    let other = try Self.train("four", in: folder, ["--latent", "4"])
    let page = try Self.page([run, "--with", other], in: folder)
    #expect(page.hasPrefix("<!doctype html>") && page.contains("prefers-color-scheme:dark"))
    for reference in ["http:", "https:", "<script", "<link", "url(", "@import"] {
      #expect(!page.contains(reference), "\(reference)")
    }
    #expect(!page.contains("a<i>") && page.contains("a&lt;i&gt;&amp;b"))

    // Reconstructions of both, samples and their animation, ways as a picture and moving, two scales of
    // variations, the traversal, the plane, the most and the least likely images.
    let images = Self.parts(of: page, from: "<img", to: ">")
    #expect(images.count == 12)
    for image in images {
      #expect(image.contains("src=\"data:image/") && image.contains("alt=\""))
      #expect(image.contains("width=") && !image.contains("alt=\"\""))
    }
    #expect(images.count { $0.contains("data:image/gif;") } == 2)

    // Five curves, the bars, two histograms, a cloud and two, the explained variance, the histogram of losses.
    let plots = Self.parts(of: page, from: "<svg", to: "</svg>")
    #expect(plots.count == 5 + 1 + 2 + 3 + 1 + 1)
    for plot in plots { #expect(XMLParser(data: Data(plot.utf8)).parse(), "\(plot)") }
    for title in ["Samples", "Training", "Principal components of the codes", "How it was made"] {
      #expect(page.contains("\(title)</h2>"))
    }
    #expect(!page.contains("collapsed"))
  }

  @Test func warnsOfACollapsedPosterior() throws {
    let folder = try TemporaryFolder()
    let run = try Self.train("dead", in: folder, ["--latent", "4", "--beta", "1000"])
    let page = try Self.page([run], in: folder)
    #expect(page.contains("<p class=\"warning\">The posterior has collapsed: no latent dimension"))
    #expect(page.contains("0 of 4"))
  }

  /// A model file without its folder has no curves and no animation, and the rest is there.
  @Test func aModelFileIsEnough() throws {
    let folder = try TemporaryFolder()
    let run = try Self.train("run", in: folder, ["--latent", "3"])
    let alone = folder.file("alone.safetensors")
    try FileManager.default.copyItem(atPath: "\(run)/model.safetensors", toPath: alone)
    let page = try Self.page([alone, "--data", folder.file("data")], in: folder)
    #expect(page.contains("No metrics.jsonl with a finished epoch"))
    #expect(Self.parts(of: page, from: "<img", to: ">").count == 9)
  }

  /// Weights that are finite, and what they make of an image is not.
  @Test func aBrokenModelIsNamed() throws {
    let folder = try TemporaryFolder()
    let run = try Self.train("run", in: folder, ["--latent", "3"])
    let model = try ModelFile(contentsOf: run)
    let parameters = model.parameters.map { array in
      let isHuge = ["decoder.0.bias", "output.weight"].contains(array.name)
      return NamedArray(
        name: array.name, shape: array.shape,
        values: isHuge ? array.values.map { _ in .greatestFiniteMagnitude } : array.values)
    }
    try ModelFile(configuration: model.configuration, parameters: parameters)
      .write(to: "\(run)/model.safetensors")
    let result = try Tool().run("report", run, "--out", folder.file("r.html"), "--backend", "blas")
    #expect(
      result.status == 1 && result.error.contains("the loss of \(run) is")
        && result.error.contains("the model is broken"), "\(result)")
  }

  /// Metrics that another program wrote, or an earlier model.
  @Test func epochsOfUnlikeDimensionsHaveNoCurvesOfThem() throws {
    let folder = try TemporaryFolder()
    let run = try Self.train("run", in: folder, ["--latent", "3"])
    let path = "\(run)/metrics.jsonl"
    let metrics = try String(contentsOfFile: path, encoding: .utf8)
    try metrics.replacing(
      /"kl_per_dimension":\[[^\]]*\]/, with: "\"kl_per_dimension\":[1]", maxReplacements: 1
    )
    .write(toFile: path, atomically: true, encoding: .utf8)
    let page = try Self.page([run], in: folder)
    #expect(page.contains("Active units") && !page.contains("KL of each dimension"))
  }

  @Test func samePageAgain() throws {
    let folder = try TemporaryFolder()
    let run = try Self.train("run", in: folder, ["--latent", "3"])
    #expect(try Self.page([run], in: folder) == Self.page([run], in: folder))
  }

  @Test func aPlaceThatCannotBeWrittenIsFoundAtOnce() throws {
    let folder = try TemporaryFolder()
    let out = folder.file("r.html")
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
    let result = try Tool().run("report", "nowhere", "--out", out)
    #expect(result.status == 1 && result.error.contains("is a folder"))
  }
}
