import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// What labels are for, and which sets of them do not serve.
@Suite struct LabelTests {
  private static let small = [
    "--backend", "blas", "--epochs", "1", "--encoder", "8", "--decoder", "8",
  ]

  /// A folder of pictures, four of each class, whose grey level is the class's place.
  private func pictures(_ folder: borrowing TemporaryFolder, _ classes: [String]) throws -> String {
    for (place, name) in classes.enumerated() {
      try FileSystem.createFolder(folder.file("pictures/\(name)"))
      for index in 0..<4 {
        try Image(
          width: 4, height: 4, pixels: [UInt8](repeating: UInt8(20 * place + index), count: 16)
        ).write(png: folder.file("pictures/\(name)/\(index).png"))
      }
    }
    return folder.file("pictures")
  }

  @Test func anAddedClassMovesNoLabels() throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try pictures(folder, ["bee", "cat"]), folder.file("run"))
    let train = try Tool().run(
      ["train", "--data", data, "--conditional", "--out", run] + Self.small)
    #expect(train.status == 0, "\(train.error)")
    let plain = folder.file("plain")
    #expect(try Tool().run(["train", "--data", data, "--out", plain] + Self.small).status == 0)
    _ = try pictures(folder, ["ant", "bee", "cat"])
    for arguments in [["evaluate", run], ["train", "--resume", run, "--epochs", "2"]] {
      let moved = try Tool().run(arguments + ["--backend", "blas"])
      #expect(
        moved.status == 1 && moved.error.contains("label 0 of \(data) is 'ant', and was 'bee'"),
        "\(moved)")
    }
    let free = try Tool().run("evaluate", plain, "--backend", "blas")
    #expect(free.status == 0, "labels are nothing to this model: \(free.error)")
  }

  @Test func oneLabelTellsAModelNothing() throws {
    let folder = try TemporaryFolder()
    let split = ImageDataset.Split(
      count: 4, pixels: [UInt8](repeating: 9, count: 4 * 12), labels: [3, 3, 3, 3])
    try ImageDataset(name: "threes", width: 4, height: 3, train: split, test: split)
      .write(idxFolder: folder.file("threes"))
    let train = try Tool().run(
      ["train", "--data", folder.file("threes"), "--conditional", "--out", folder.file("run")]
        + Self.small)
    #expect(train.status == 1 && train.error.contains("have the label 3"), "\(train)")
  }

  @Test func runsOfOtherLabelsAreNotPutBesideOneAnother() throws {
    let folder = try TemporaryFolder()
    let (data, all, some) = (try folder.digits(), folder.file("all"), folder.file("some"))
    for (run, labels) in [(all, []), (some, ["--train-on-labels", "0,1"])] {
      let train = try Tool().run(["train", "--data", data, "--out", run] + Self.small + labels)
      #expect(train.status == 0, "\(train.error)")
    }
    let beside = try Tool().run("evaluate", all, "--beside", some, "--backend", "blas")
    #expect(beside.status == 2 && beside.error.contains("trained on different data"), "\(beside)")
    let named = try Tool().run(
      "evaluate", all, "--beside", some, "--data", data, "--backend", "blas")
    #expect(named.status == 0 && named.output.contains("100 of \(data), test"), "\(named)")
    let resized = try Tool().run(
      "evaluate", all, "--beside", some, "--data", data, "--size", "28", "--backend", "blas")
    #expect(resized.status == 0, "\(resized.error)")
  }

  @Test func scoresOfAnAutoencoderAreItsReconstructions() throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(), folder.file("run"))
    let train = try Tool().run(
      ["train", "--data", data, "--autoencoder", "--out", run] + Self.small)
    #expect(train.status == 0, "\(train.error)")
    let score = try Tool().run("score", run, "--json", "--backend", "blas")
    #expect(score.output.contains(#""by":"reconstruction""#), "\(score)")
    let bound = try Tool().run("score", run, "--by", "elbo", "--backend", "blas")
    #expect(bound.status == 1 && bound.error.contains("no ELBO"), "\(bound)")
    let draws = try Tool().run(
      "evaluate", run, "--beside", run, "--samples", "2", "--backend", "blas")
    #expect(draws.status == 2 && draws.error.contains("draws none"), "\(draws)")
  }

  @Test func sizesInAConfigurationAreChecked() throws {
    let folder = try TemporaryFolder()
    let (data, run) = (try folder.digits(), folder.file("run"))
    let train = try Tool().run(
      ["train", "--data", data, "--size", "28", "--out", run] + Self.small)
    #expect(train.status == 0, "\(train.error)")
    let file = "\(run)/config.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let broken = text.replacing(#""height" : 28"#, with: #""height" : 0"#)
    #expect(broken != text)
    try broken.write(toFile: file, atomically: true, encoding: .utf8)
    let result = try Tool().run("evaluate", run, "--backend", "blas")
    #expect(result.status == 1 && result.error.contains("images.size is 0"), "\(result)")
  }

  @Test func figuresOfMeritMayBeBetterThanPublished() throws {
    let list = try Tool().run("reproduce", "anomaly", "--list")
    #expect(list.status == 0 && list.output.contains("−0.02 ") && !list.output.contains("±"))
  }
}
