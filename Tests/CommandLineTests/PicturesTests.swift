import Files
import Foundation
import FoundationXML
import TestSupport
import Testing

/// Pictures of a trained run, as files.
@Suite struct PicturesTests {
  /// A folder with the runs `four` of four latent dimensions and `two` of two, on the same small data.
  private static func runs() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let data = try folder.digits(train: 300, test: 60)
    for (name, latent) in [("four", "4"), ("two", "2")] {
      let result = try Tool().run(
        "train", "--data", data, "--backend", "blas", "--epochs", "3", "--encoder", "32",
        "--decoder", "32", "--latent", latent, "--batch-size", "16", "--out", folder.file(name),
        "--quiet")
      #expect(result.status == 0, "\(result.error)")
    }
    return folder
  }

  private static func run(_ arguments: String...) throws -> Tool.Result {
    try Tool(environment: ["VAE_BACKEND": "blas"]).run(arguments)
  }

  /// The tile of a picture at a row and a column.
  private static func tile(_ image: Image, _ row: Int, _ column: Int) -> [UInt8] {
    (0..<56).flatMap { y in
      let start = (2 + row * 58 + y) * image.width + 2 + column * 58
      return image.pixels[start..<start + 56]
    }
  }

  private static func size(_ columns: Int, _ rows: Int) -> [Int] {
    [columns * 58 + 2, rows * 58 + 2]
  }

  @Test func interpolationsGoFromImageToImage() throws {
    let folder = try Self.runs()
    let (four, png) = (folder.file("four"), folder.file("i.png"))
    let result = try Self.run(
      "interpolate", four, "--from", "1", "--to", "0", "--steps", "5", "--out", png)
    #expect(
      result.status == 0 && result.output.contains("rows: linear, spherical"), "\(result.error)")
    let image = try Image(png: png)
    #expect([image.width, image.height] == Self.size(7, 2))

    // Their ends are the originals and, next to them, what `reconstruct` makes.
    _ = try Self.run("reconstruct", four, "--count", "2", "--out", folder.file("r.png"))
    let pair = try Image(png: folder.file("r.png"))
    for row in 0..<2 {
      #expect(Self.tile(image, row, 0) == Self.tile(pair, 0, 1))
      #expect(Self.tile(image, row, 1) == Self.tile(pair, 1, 1))
      #expect(Self.tile(image, row, 5) == Self.tile(pair, 1, 0))
      #expect(Self.tile(image, row, 6) == Self.tile(pair, 0, 0))
    }
    #expect(Self.tile(image, 0, 3) != Self.tile(image, 1, 3), "the arc is not the line")

    _ = try Self.run(
      "interpolate", four, "--from", "1", "--to", "0", "--linear", "--with", folder.file("two"),
      "--out", png)
    let two = try Image(png: png)
    #expect([two.width, two.height] == Self.size(12, 2))
  }

  @Test func animationsHaveAFrameForEachStepAndEpoch() throws {
    let folder = try Self.runs()
    let (four, gif) = (folder.file("four"), folder.file("a.gif"))
    func frames(_ delay: UInt8) throws -> Int {
      let data = try FileSystem.read(gif)
      #expect(data.starts(with: Data("GIF89a".utf8)))
      // A frame's graphic control: kept, its delay, no transparency; then its place.
      let control = Data([0x21, 0xF9, 4, 4, delay, 0, 0xFF, 0, 0x2C])
      var (count, start) = (0, data.startIndex)
      while let range = data.range(of: control, in: start..<data.endIndex) {
        (count, start) = (count + 1, range.upperBound)
      }
      return count
    }
    let result = try Self.run(
      "interpolate", four, "--from", "0", "--to", "1", "--steps", "6", "--out", gif)
    #expect(result.status == 0 && result.output.contains("columns: linear, spherical"))
    #expect(try frames(8) == 10, "there and back")

    #expect(try Self.run("progress", "\(four)/model.safetensors", "--out", gif).status == 0)
    #expect(try frames(40) == 2, "and a last one that stays longer")
    #expect(try frames(250) == 1)
  }

  @Test func dimensionsComeInTheOrderOfTheirDivergence() throws {
    let folder = try Self.runs()
    let png = folder.file("t.png")
    let result = try Self.run(
      "traverse", folder.file("four"), "--steps", "3", "--dimensions", "3", "--out", png)
    #expect(result.status == 0, "\(result.error)")
    let image = try Image(png: png)
    #expect([image.width, image.height] == Self.size(3, 3))
    let divergences = result.output.split(separator: "(").dropFirst(2)
      .compactMap { Double($0.prefix { $0 != ")" }) }
    #expect(divergences.count == 3 && divergences == divergences.sorted(by: >))
  }

  @Test func variationsBeginWithTheImageAndItsReconstruction() throws {
    let folder = try Self.runs()
    let (four, png) = (folder.file("four"), folder.file("v.png"))
    func variations(_ scale: String) throws -> Image {
      let result = try Self.run(
        "vary", four, "--image", "1", "--scale", scale, "--count", "2", "--out", png)
      #expect(result.status == 0, "\(result.error)")
      return try Image(png: png)
    }
    let (still, moved) = (try variations("0"), try variations("1"))
    #expect([still.width, still.height] == Self.size(2, 2))
    #expect(Self.tile(still, 0, 0) == Self.tile(moved, 0, 0))
    #expect(Self.tile(still, 0, 1) == Self.tile(still, 1, 0), "without noise, the reconstruction")
    #expect(Self.tile(moved, 0, 1) == Self.tile(still, 0, 1))
    #expect(Self.tile(moved, 1, 0) != Self.tile(moved, 1, 1))
  }

  @Test func manifoldsNeedAPlane() throws {
    let folder = try Self.runs()
    let png = folder.file("m.png")
    #expect(try Self.run("manifold", folder.file("two"), "--side", "3", "--out", png).status == 0)
    let image = try Image(png: png)
    #expect([image.width, image.height] == Self.size(3, 3))
    let result = try Self.run("manifold", folder.file("four"), "--out", png)
    #expect(
      result.status == 1 && result.error.contains("has 4 latent dimensions where a plane has 2"))
  }

  @Test func mistakesAreNamed() throws {
    let folder = try Self.runs()
    let (four, out) = (folder.file("four"), folder.file("x.png"))
    let missing = try Self.run("vary", four, "--image", "60", "--out", out)
    #expect(missing.status == 1 && missing.error.contains("there is no test image 60"))
    #expect(missing.error.contains("0 to 59"))
    let alone = folder.file("alone.safetensors")
    try FileManager.default.copyItem(atPath: "\(four)/model.safetensors", toPath: alone)
    let file = try Self.run("progress", alone, "--out", folder.file("x.gif"))
    #expect(file.status == 1 && file.error.contains("there is no epoch-NNN.png"))
    try FileSystem.write(Data(), to: "\(four)/metrics.jsonl")
    let curves = try Self.run("plot", "curves", four, "--out", folder.file("x.svg"))
    #expect(curves.status == 1 && curves.error.contains("has no finished epoch"))
  }

  /// Where a run was trained on some labels, `test image 0` is the first of those, whatever is done with it.
  @Test func commandsAgreeOnTheImages() throws {
    let folder = try TemporaryFolder()
    let (run, png) = (folder.file("run"), folder.file("i.png"))
    let trained = try Self.run(
      "train", "--data", folder.digits(train: 100, test: 40), "--epochs", "1", "--encoder", "16",
      "--decoder", "16", "--latent", "2", "--train-on-labels", "4,7", "--out", run, "--quiet")
    #expect(trained.status == 0, "\(trained.error)")
    func first(_ arguments: String...) throws -> [UInt8] {
      let result = try Tool().run(arguments + ["--backend", "blas", "--out", png])
      #expect(result.status == 0, "\(result.error)")
      return Self.tile(try Image(png: png), 0, 0)
    }
    let image = try first("reconstruct", run, "--count", "2")
    #expect(try first("vary", run, "--count", "2") == image)
    #expect(try first("interpolate", run, "--from", "0", "--to", "1", "--steps", "2") == image)

    let evaluation = try Self.run("evaluate", run)
    let loss = try #require(evaluation.output.firstMatch(of: /loss +([0-9.]+)/)?.1)
    let page = folder.file("r.html")
    #expect(try Self.run("report", run, "--out", page).status == 0)
    let report = try String(contentsOfFile: page, encoding: .utf8)
    #expect(
      report.contains(String(format: "<b>%.2f</b><span>test loss", try #require(Double(loss)))))
    #expect(report.contains("labels trained on") && report.contains("other labels"))
  }

  /// A plain autoencoder's codes are nowhere near N(0, I).
  @Test func anAutoencodersStepsAreItsCodes() throws {
    let folder = try TemporaryFolder()
    let (run, png) = (folder.file("run"), folder.file("t.png"))
    let trained = try Self.run(
      "train", "--data", folder.digits(train: 100, test: 40), "--epochs", "1", "--encoder", "16",
      "--decoder", "16", "--latent", "2", "--autoencoder", "--out", run, "--quiet")
    #expect(trained.status == 0, "\(trained.error)")
    for command in ["traverse", "vary"] {
      let result = try Self.run(command, run, "--out", png)
      #expect(
        result.output.contains("standard deviations of the test images' codes"), "\(result.error)")
    }
    #expect(try Self.run("manifold", run, "--out", png).error.contains("trained for no prior"))
    let page = folder.file("r.html")
    #expect(try Self.run("report", run, "--out", page).status == 0)
    let report = try String(contentsOfFile: page, encoding: .utf8)
    #expect(report.contains("Best reconstructed") && !report.contains("Reconstruction + KL"))
  }

  @Test func plotsAreFiles() throws {
    let folder = try Self.runs()
    for plot in ["curves", "kl", "codes", "pca", "pca-3d", "variance"] {
      let svg = folder.file("\(plot).svg")
      let result = try Self.run("plot", plot, folder.file("two"), "--out", svg)
      #expect(result.status == 0, "\(result.error)")
      #expect(XMLParser(data: try FileSystem.read(svg)).parse(), "\(plot)")
    }
  }
}
