import Files
import Foundation
import TestSupport
import Testing

@Suite struct DataTests {
  @Test func describesCountsRangeAndLabels() throws {
    let folder = try TemporaryFolder()
    let data = try folder.digits(train: 200, test: 50)
    let result = try Tool().run(
      "data", "describe", data, "--size", "14", "--out", folder.file("sheet.png"))
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("14×14 grey, 196 values an image"))
    #expect(result.output.contains("label 9") && result.output.contains("0 to 255"))
    #expect(try Image(png: folder.file("sheet.png")).width == 10 * (14 * 4 + 2) + 2)
    let wrong = try Tool().run("data", "describe", data, "--crop", "none")
    #expect(wrong.status == 2 && wrong.error.contains("--crop goes with --size"))
  }

  /// Colour images in folders: the whole way, on the host alone.
  @Test func colourFoldersTrainAndAreShown() throws {
    let folder = try TemporaryFolder()
    for (name, tint) in [("red", 0), ("blue", 2)] {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/\(name)"), withIntermediateDirectories: true)
      for index in 0..<20 {
        let pixels = (0..<8 * 6 * 3).map { UInt8($0 % 3 == tint ? 200 : $0 * index % 50) }
        try Image(width: 8, height: 6, channels: 3, pixels: pixels)
          .write(png: folder.file("data/\(name)/\(index).png"))
      }
    }
    let run = folder.file("run")
    let train = try Tool().run(
      "train", "--data", folder.file("data"), "--size", "6x6", "--backend", "blas", "--epochs", "1",
      "--encoder", "16", "--decoder", "16", "--out", run)
    #expect(train.status == 0 && train.output.contains("6×6 in colour"), "\(train.error)")
    let shown = try Tool().run(
      "reconstruct", run, "--backend", "blas", "--out", folder.file("r.png"))
    #expect(shown.status == 0, "\(shown.error)")
    #expect(try Image(png: folder.file("r.png")).channels == 3)
    let grey = try Tool().run("evaluate", run, "--grey", "--size", "6", "--backend", "blas")
    #expect(grey.status == 1 && grey.error.contains("6×6 grey"))
    let file = folder.file("f.vaez")
    #expect(try Tool().run("compress", run, "--backend", "blas", "--out", file).status == 0)
    func decompress(_ out: String) throws -> Tool.Result {
      try Tool().run("decompress", file, "--run", run, "--backend", "blas", "--out", out)
    }
    #expect(try decompress(folder.file("f.npy")).status == 0)
    #expect(try NumPyArray(contentsOf: folder.file("f.npy")).shape.suffix(3) == [6, 6, 3])
    let idx = try decompress(folder.file("f-ubyte"))
    #expect(idx.status == 2 && idx.error.contains("an IDX file is grey"), "\(idx.error)")
    let resumed = try Tool().run("train", "--resume", run, "--epochs", "2", "--backend", "blas")
    #expect(resumed.status == 0, "its size is in config.json: \(resumed.error)")
  }

  @Test func heldOutLabelsAreScored() throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(), folder.file("run"))
    func tool(_ arguments: String...) throws -> Tool.Result {
      try Tool().run(arguments + ["--backend", "blas"])
    }
    let small = ["--epochs", "1", "--encoder", "16", "--decoder", "16", "--out", run]
    let unknown = try Tool().run(
      ["train", "--data", data, "--train-on-labels", "3,12", "--backend", "blas"] + small)
    #expect(unknown.status == 1 && unknown.error.contains("no image of \(data) has the label 12"))
    let train = try Tool().run(
      ["train", "--data", data, "--train-on-labels", "0,2,4,6,8", "--backend", "blas"] + small)
    #expect(train.status == 0 && train.output.contains("labelled 0,2,4,6,8"), "\(train.error)")
    // The folder is named after the data, whatever is left out of it.
    let unnamed = try Tool(directory: folder.file("")).run(
      ["train", "--data", data, "--train-on-labels", "1,2", "--backend", "blas"] + small.dropLast(2)
    )
    #expect(unnamed.output.contains("run      runs/data-pytorch\n"), "\(unnamed.output)")
    let evaluation = try tool("evaluate", run)
    #expect(evaluation.output.contains("labelled 0,2,4,6,8"))

    let score = try tool(
      "score", run, "--by", "kl", "--out", folder.file("s.csv"), "--histogram", folder.file("s.svg")
    )
    #expect(score.status == 0 && score.output.contains("AUROC"), "\(score.error)")
    let lines = try String(contentsOfFile: folder.file("s.csv"), encoding: .utf8).split(
      separator: "\n")
    #expect(lines.count == 101 && lines[0] == "index,kl,label")
    #expect(try String(contentsOfFile: folder.file("s.svg"), encoding: .utf8).contains("<svg"))
    let json = try tool("score", run, "--anomalous", "7", "--json", "--out", folder.file("s.npy"))
    #expect(json.output.contains(#""auroc":"#))
    #expect(try NumPyArray(contentsOf: folder.file("s.npy")).shape == [100])
    for (arguments, expected) in [
      (["--by", "kl", "--samples", "2"], "--samples goes with"),
      (["--out", "s.txt"], "ends in .npy or .csv, not s.txt"),
    ] {
      let wrong = try Tool().run(["score", run, "--backend", "blas"] + arguments)
      #expect(wrong.status == 2 && wrong.error.contains(expected))
    }
  }

  @Test func denoisingShowsThreeRows() throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(), folder.file("run"))
    let wrong = try Tool().run("train", "--data", data, "--corrupt", "mask:1", "--out", run)
    #expect(wrong.status == 2 && wrong.error.contains("'mask:1' is not"))
    let train = try Tool().run(
      "train", "--data", data, "--corrupt", "gaussian:0.5", "--backend", "blas", "--epochs", "1",
      "--encoder", "16", "--decoder", "16", "--out", run)
    #expect(
      train.status == 0 && train.output.contains("corrupted by gaussian:0.5"), "\(train.error)")
    let result = try Tool().run(
      "denoise", run, "--backend", "blas", "--count", "8", "--out", folder.file("d.png"))
    #expect(result.status == 0 && result.output.contains("dB denoised"), "\(result.error)")
    let image = try Image(png: folder.file("d.png"))
    #expect((image.width, image.height) == (8 * 58 + 2, 3 * 58 + 2))
  }
}
