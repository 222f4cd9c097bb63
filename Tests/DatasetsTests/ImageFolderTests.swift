import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct ImageFolderTests {
  /// A grey image of one level; the level tells the images apart.
  private func write(_ level: Int, to path: String, width: Int = 3, height: Int = 2) throws {
    try FileSystem.createFolder(FileSystem.split(path).folder)
    try Image(
      width: width, height: height,
      pixels: [UInt8](repeating: UInt8(level), count: width * height)
    ).write(png: path)
  }

  private func levels(_ split: ImageDataset.Split) -> [UInt8] {
    stride(from: 0, to: split.pixels.count, by: split.pixels.count / split.count).map {
      split.pixels[$0]
    }
  }

  private func failure(_ folder: String) -> String {
    let text = #expect(throws: DatasetError.self) { _ = try ImageDataset.load(folder) }.map {
      "\($0)"
    }
    #expect(text?.contains("\n") == false)
    return text ?? ""
  }

  @Test func subfoldersAreClassesAndATenthTests() throws {
    try withTemporaryFolder { folder in
      for index in 0..<20 { try write(index, to: "\(folder)/b/\(index).png") }
      for index in 100..<130 { try write(index, to: "\(folder)/a/deeper/\(index).PNG") }
      try FileSystem.write(Data("x".utf8), to: "\(folder)/a/notes.txt")
      try write(7, to: "\(folder)/.hidden/0.png")
      let data = try ImageDataset.load(folder)
      #expect(data.classes == ["a", "b"] && (data.width, data.height, data.channels) == (3, 2, 1))
      #expect(data.train.count == 45 && data.test.count == 5)
      #expect(data.test.labelCounts == [0: 3, 1: 2])
      for split in [data.train, data.test] {
        #expect(zip(levels(split), split.labels ?? []).allSatisfy { ($0 >= 100) == ($1 == 0) })
      }
      #expect((levels(data.train) + levels(data.test)).sorted() == Array(0..<20) + Array(100..<130))
      #expect(try ImageDataset.load(folder) == data, "the same split every time")
    }
  }

  @Test func numbersAreLabelsInTheirOrder() throws {
    try withTemporaryFolder { folder in
      for label in [2, 10] {
        for index in 0..<2 { try write(label, to: "\(folder)/\(label)/\(index).png") }
      }
      let data = try ImageDataset.load(folder)
      #expect(data.classes == ["2", "10"])
      #expect(
        zip(levels(data.train), data.train.labels ?? []).allSatisfy { ($0 == 10) == ($1 == 1) })
    }
  }

  @Test(arguments: [
    (["10", "1b", "2"], ["10", "1b", "2"]), (["7", "07", "3"], ["3", "07", "7"]),
  ])
  func classesHaveOneOrder(names: [String], order: [String]) throws {
    try withTemporaryFolder { folder in
      for name in names {
        for index in 0..<2 { try write(index, to: "\(folder)/\(name)/\(index).png") }
      }
      #expect(try ImageDataset.load(folder).classes == order)
    }
  }

  @Test func aLabelIsAByte() throws {
    try withTemporaryFolder { folder in
      for name in 0..<257 {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)/a.png", contents: nil))
      }
      #expect(failure(folder).hasSuffix("or all images into one folder without classes"))
    }
  }

  @Test func trainAndTestFoldersAreTheSplits() throws {
    try withTemporaryFolder { folder in
      for index in 0..<4 { try write(index, to: "\(folder)/train/\(index).png") }
      #expect(failure(folder).contains("has a folder train, but not both"))
      for index in 10..<12 { try write(index, to: "\(folder)/test/\(index).png") }
      let data = try ImageDataset.load(folder)
      #expect(
        levels(data.train).sorted() == [0, 1, 2, 3] && levels(data.test).sorted() == [10, 11])
      #expect(data.train.labels == nil && data.classes.isEmpty)
    }
  }

  @Test func oneColourImageMakesAllColour() throws {
    try withTemporaryFolder { folder in
      try write(9, to: "\(folder)/a.png", width: 2, height: 1)
      try Image(width: 2, height: 1, channels: 3, pixels: [1, 2, 3, 4, 5, 6]).write(
        png: "\(folder)/b.png")
      let data = try ImageDataset.load(folder)
      #expect(data.channels == 3)
      let images = [data.train.pixels, data.test.pixels].sorted { $0[0] < $1[0] }
      #expect(images == [[1, 4, 2, 5, 3, 6], [9, 9, 9, 9, 9, 9]], "planes")
      #expect(try ImageDataset.load(folder, fit: ImageFit(isGrey: true)).channels == 1)
    }
  }

  @Test func mixedSizesNeedASize() throws {
    try withTemporaryFolder { folder in
      try write(1, to: "\(folder)/a.png")
      try write(2, to: "\(folder)/b.png", width: 5)
      #expect(
        failure(folder)
          == "\(folder)/b.png is of 5×2 pixels and \(folder)/a.png of 3×2: resize all with --size 3x2"
      )
      let data = try ImageDataset.load(folder, fit: ImageFit(size: .init(width: 4, height: 4)))
      #expect((data.width, data.height) == (4, 4))
    }
  }

  @Test func whatCannotBeUsedIsNamed() throws {
    try withTemporaryFolder { folder in
      #expect(failure(folder).contains("neither IDX files"))
      try write(1, to: "\(folder)/a.png")
      #expect(failure(folder).contains("has 1 image, too few"))
      try write(1, to: "\(folder)/class/a.png")
      #expect(failure(folder).contains("\(folder)/a.png lies beside folders of classes: move it"))
      try FileSystem.write(Data("GIF".utf8), to: "\(folder)/a.jpeg")
      #expect(failure(folder).contains("lies beside"))
      #expect(failure("\(folder)/a.png").contains("neither .npy nor .npz"))
    }
  }
}
