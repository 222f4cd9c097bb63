import Dispatch
import Files
import Foundation

extension ImageDataset {
  /// Reads the PNG and JPEG images below `folder`. An image's label is the name of the folder that
  /// `folder` has it in, directly or further down; images that lie in `folder` itself have none.
  ///
  /// Subfolders `train` and `test`, both there, hold the two splits, each laid out in this way; otherwise
  /// a tenth of each class tests, always the same images. If one image has colours, all do.
  ///
  /// - Throws: `DatasetError`.
  public init(imageFolder folder: String, fit: ImageFit = ImageFit()) throws(DatasetError) {
    let splits = ["train", "test"].map { "\(folder)/\($0)" }
    let present = splits.filter { FileSystem.isFolder($0) }
    if present.count == 1 {
      throw .halfSplit(folder: folder, found: FileSystem.split(present[0]).name)
    }
    let parts = try (present.isEmpty ? [folder] : splits).map { part throws(DatasetError) in
      try ImageFiles(in: part)
    }
    if let first = parts.first(where: { $0.isLabelled != parts[0].isLabelled }) {
      throw .mismatch(
        "\(first.folder) and \(parts[0].folder) are not both sorted into classes",
        remedy: "sort both into subfolders, or neither")
    }
    let classes = try Self.classes(of: parts, in: folder)
    let images = try Self.read(parts.flatMap { $0.files.map(\.path) }, fit)
    let labels =
      classes.isEmpty
      ? nil
      : parts.flatMap { $0.files.map { UInt8(classes.firstIndex(of: $0.label ?? "") ?? 0) } }
    let whole = Split(images, labels: labels)
    let (train, test): ([Int], [Int])
    if present.isEmpty {
      let partition = try Partition(count: whole.count, labels: labels, path: folder)
      (train, test) = (partition.train, partition.test)
    } else {
      let count = parts[0].files.count
      train = Partition.shuffled(count)
      test = Partition.shuffled(whole.count - count).map { $0 + count }
    }
    self.init(
      name: folder, classes: classes, train: whole.selecting(train), test: whole.selecting(test),
      like: images[0])
  }

  /// The classes' names in order: by number where all are numbers, else by name.
  private static func classes(
    of parts: [ImageFiles], in folder: String
  ) throws(DatasetError) -> [String] {
    let names = Set(parts.flatMap { $0.files.compactMap(\.label) })
    guard names.count <= 256 else {
      throw .tooManyClasses(folder: folder, count: names.count)
    }
    let numbers = names.compactMap { name in Int(name).map { (number: $0, name: name) } }
    guard numbers.count == names.count else { return names.sorted() }
    // 7 and 07 are two folders.
    return numbers.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name)
  }

  /// The images at `paths`, of one size and kind, read on all processors.
  private static func read(_ paths: [String], _ fit: ImageFit) throws(DatasetError) -> [Image] {
    var results = [Result<Image, FileError>?](repeating: nil, count: paths.count)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      DispatchQueue.concurrentPerform(iterations: paths.count) { index in
        results[index] = Result { () throws(FileError) in
          try Image(contentsOf: paths[index]).fitted(fit)
        }
      }
    }
    var images: [Image] = []
    for case let result? in results {
      do {
        images.append(try result.get())
      } catch {
        throw .file(error)
      }
    }
    for (path, image) in zip(paths, images)
    where image.size != images[0].size {
      throw .mixedSizes(
        path: path, size: image.size, first: paths[0], firstSize: images[0].size)
    }
    return images.contains { $0.channels == 3 } ? images.map(\.colour) : images
  }
}

/// The images below a folder, by path.
private struct ImageFiles {
  let folder: String
  private(set) var files: [(path: String, label: String?)] = []
  var isLabelled: Bool { files[0].label != nil }

  init(in folder: String) throws(DatasetError) {
    self.folder = folder
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    for name in names.sorted() {
      let parts = name.split(separator: "/")
      guard !parts.contains(where: { $0.hasPrefix(".") }),
        ["png", "jpg", "jpeg"].contains(URL(fileURLWithPath: name).pathExtension.lowercased())
      else { continue }
      files.append(("\(folder)/\(name)", parts.count > 1 ? String(parts[0]) : nil))
    }
    guard !files.isEmpty else { throw .noImages(folder: folder) }
    if let loose = files.first(where: { $0.label == nil }),
      files.contains(where: { $0.label != nil })
    {
      throw .mismatch(
        "\(loose.path) lies beside folders of classes",
        remedy: "move it into one of them, or away")
    }
  }
}
