import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct IDXTests {
  private static let example = ImageDataset(
    name: "example", width: 3, height: 2,
    train: .init(count: 4, pixels: (0..<24).map { UInt8($0) }, labels: [3, 1, 4, 1]),
    test: .init(count: 2, pixels: (100..<112).map { UInt8($0) }, labels: [5, 9]))

  private static func same(_ a: ImageDataset, _ b: ImageDataset) -> Bool {
    a.train == b.train && a.test == b.test && a.width == b.width && a.height == b.height
  }

  @Test func roundTrip() throws {
    try withTemporaryFolder { folder in
      try Self.example.write(idxFolder: "\(folder)/new/data")
      let read = try ImageDataset(idxFolder: "\(folder)/new/data")
      #expect(Self.same(read, Self.example))
      #expect(read.imageSize == 6)
      let images = try FileSystem.read("\(folder)/new/data/t10k-images-idx3-ubyte")
      #expect(images == Data([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3]) + (100..<112))
    }
  }

  @Test(arguments: ["-idx", ".idx"], [true, false])
  func acceptsTheUsualNames(separator: String, isCompressed: Bool) throws {
    try withTemporaryFolder { folder in
      try Self.example.write(idxFolder: folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        let data = try FileSystem.read("\(folder)/\(name)")
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        let other = name.replacing("-idx", with: separator)
        try FileSystem.write(
          isCompressed ? gzip(data) : data,
          to: "\(folder)/\(other)\(isCompressed ? ".gz" : "")")
      }
      #expect(Self.same(try ImageDataset(idxFolder: folder), Self.example))
    }
  }

  @Test func labelsAreOptional() throws {
    try withTemporaryFolder { folder in
      try Self.example.write(idxFolder: folder)
      try FileManager.default.removeItem(atPath: "\(folder)/train-labels-idx1-ubyte")
      let read = try ImageDataset(idxFolder: folder)
      #expect(read.train.labels == nil)
      #expect(read.test.labels == [5, 9])
    }
  }

  /// What happens to one file of the example, and what the error must say.
  private struct Damage: CustomTestStringConvertible, Sendable {
    let file: String
    let fragment: String
    let content: @Sendable (Data) -> Data
    var testDescription: String { fragment }

    init(_ file: String, _ fragment: String, _ content: @escaping @Sendable (Data) -> Data) {
      self.file = file
      self.fragment = fragment
      self.content = content
    }
  }

  private static let (images, labels) = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")

  @Test(arguments: [
    Damage(images, "it has only 0 bytes") { _ in Data() },
    Damage(images, "it ends inside its header, after 10 bytes") { $0.prefix(10) },
    Damage(images, "truncated: 23 bytes follow its header, which says 4 × 2 × 3") { $0.dropLast() },
    Damage(images, "2 bytes too many follow its header, which says 4 × 2 × 3") { $0 + [0, 0] },
    Damage(images, "magic number is 2049, that of labels, not 2051, that of images") { _ in
      Data([0, 0, 8, 1, 0, 0, 0, 1, 7])
    },
    Damage(labels, "magic number is 2051, that of images, not 2049, that of labels") { _ in
      Data([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7])
    },
    Damage(images, "magic number is 1347093252, not 2051") { _ in Data("PK\u{3}\u{4}".utf8) },
    Damage(images, "it has no images") { $0.prefix(4) + [0, 0, 0, 0] + $0[8..<16] },
    Damage(images, "its images are of 3 × 0 pixels") { $0.prefix(8) + [0, 0, 0, 0] + $0[12..<16] },
    Damage(images, "truncated: 24 bytes follow its header, which says 4294967295") {
      $0.prefix(4) + Data(repeating: 255, count: 12) + $0.dropFirst(16)
    },
    Damage(labels, "it has no labels") { $0.prefix(4) + [0, 0, 0, 0] },
    Damage(labels, "has 3 labels for 4 images: take all files from one data set") {
      $0.prefix(4) + [0, 0, 0, 3, 1, 2, 3]
    },
    Damage("t10k-images-idx3-ubyte", "are 3×2 pixels and the test images 2×3") {
      $0.prefix(8) + [0, 0, 0, 3, 0, 0, 0, 2] + $0.dropFirst(16)
    },
    Damage(images, "is not a valid gzip file: it ends in the middle") { gzip($0).dropLast(9) },
    Damage(images, "incorrect data check") { gzip($0).dropLast(8) + Data(count: 8) },
    Damage(images, "truncated: 23 bytes follow its header") { gzip($0.dropLast()) },
  ])
  private func malformedFilesAreNamed(damage: Damage) throws {
    try withTemporaryFolder { folder in
      try Self.example.write(idxFolder: folder)
      let path = "\(folder)/\(damage.file)"
      try FileSystem.write(damage.content(FileSystem.read(path)), to: path)
      let text = datasetError { try ImageDataset(idxFolder: folder) }
      #expect(text.contains(damage.fragment))
      #expect(text.contains(folder))
    }
  }

  @Test func namesWhatIsMissing() throws {
    try withTemporaryFolder { folder in
      #expect(
        datasetError { try ImageDataset(idxFolder: folder) }
          == "\(folder) has no training images: looked for train-images-idx3-ubyte, "
          + "train-images-idx3-ubyte.gz, train-images.idx3-ubyte, train-images.idx3-ubyte.gz; "
          + "put them there (for MNIST: vae data mnist --out another folder)")
      #expect(
        datasetError { try ImageDataset(idxFolder: "\(folder)/none") }
          == "the data \(folder)/none does not exist: check the path (`digits` names the "
          + "built-in data, `vae data mnist --out \(folder)/none` would fetch MNIST)")
      try Self.example.write(idxFolder: folder)
      #expect(
        datasetError { try ImageDataset(idxFolder: "\(folder)/\(Self.images)") }
          == "\(folder)/\(Self.images) is a file: name the folder that holds the IDX files")
      try FileManager.default.removeItem(atPath: "\(folder)/t10k-images-idx3-ubyte")
      #expect(
        datasetError { try ImageDataset(idxFolder: folder) }.contains("has no test images"))
      try FileSystem.createFolder("\(folder)/t10k-images-idx3-ubyte")
      #expect(datasetError { try ImageDataset(idxFolder: folder) }.contains("is a folder"))
    }
  }

  /// The text of the `DatasetError` that `body` must throw: one line.
  private func datasetError(_ body: () throws -> ImageDataset) -> String {
    let text = #expect(throws: DatasetError.self) { _ = try body() }.map { "\($0)" }
    #expect(text?.contains("\n") == false)
    return text ?? ""
  }
}
