import Files

/// What loading a data set can fail with. Each text names the thing, the value and the remedy.
public enum DatasetError: Error, Equatable {
  /// A file could not be read or written.
  case file(FileError)
  /// `name` begins like `digits:SEED` and has no seed.
  case unknownSeed(String)
  /// Nothing is at `path`.
  case missing(path: String)
  /// `path` is a file where a folder of IDX files was needed.
  case notAFolder(path: String)
  /// The file at `path` is of no known kind.
  case unknownFile(path: String)
  /// No images are below `folder`.
  case noImages(folder: String)
  /// `folder` has one of the subfolders `train` and `test` alone.
  case halfSplit(folder: String, found: String)
  /// The image at `path` is of another size than the one at `first`.
  case mixedSizes(
    path: String, size: ImageFit.Size, first: String, firstSize: ImageFit.Size)
  /// The `count` images at `path` cannot be split into those to train on and those to test with.
  case tooFewImages(path: String, count: Int)
  /// An archive has neither `x_train` and `x_test` nor `x`.
  case missingArrays(path: String, found: [String])
  /// `name` has no labels, which `need` ("a conditional model") does not do without.
  case withoutLabels(name: String, need: String)
  /// No image of `name` has one of `labels`.
  case noSuchLabels(name: String, labels: [Int], present: [Int])
  /// The array `name` holds no images or labels.
  case unusableArray(name: String, reason: String, remedy: String)
  /// None of the files `lookedFor`, which hold the `purpose` ("training images"), is in `folder`.
  case missingFiles(folder: String, purpose: String, lookedFor: [String])
  /// The IDX file at `path` breaks the format.
  case malformed(path: String, reason: String)
  /// Two parts of a data set contradict each other.
  case mismatch(String, remedy: String)
  /// `folder` has so many classes, and a label is a byte.
  case tooManyClasses(folder: String, count: Int)
}

extension DatasetError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .file(let error):
      return error.description
    case .unknownSeed(let name):
      return "'\(name)' names no data set: write digits:SEED with a whole number, or digits"
    case .missing(let path):
      return "the data \(path) does not exist: check the path (`digits` names the built-in "
        + "data, `vae data mnist --out \(path)` would fetch MNIST)"
    case .notAFolder(let path):
      return "\(path) is a file: name the folder that holds the IDX files"
    case .unknownFile(let path):
      return
        "\(path) is a file, but neither .npy nor .npz: name one of those, or the folder that IDX files "
        + "or images are in"
    case .noImages(let folder):
      return
        "\(folder) has neither IDX files (\(IDXFile.trainImages.name) and so on) nor PNG or JPEG "
        + "images: put some there (for MNIST: vae data mnist --out another folder)"
    case .halfSplit(let folder, let found):
      return
        "\(folder) has a folder \(found), but not both train and test: add the other, or rename it"
    case .mixedSizes(let path, let size, let first, let firstSize):
      return "\(path) is of \(size.width)×\(size.height) pixels and \(first) of "
        + "\(firstSize.width)×\(firstSize.height): resize all with --size "
        + "\(firstSize.width)x\(firstSize.height)"
    case .tooFewImages(let path, let count):
      return
        "\(path) has \(count) image\(count == 1 ? "" : "s"), too few to train on some and test with "
        + "others: add some"
    case .missingArrays(let path, let found):
      return
        "\(path) has \(found.isEmpty ? "no arrays" : "the arrays " + found.joined(separator: ", ")): "
        + "name them x_train, x_test, y_train, y_test, or x and y"
    case .withoutLabels(let name, let need):
      return
        "\(name) has images without labels, which \(need) needs: give labelled data with --data"
    case .noSuchLabels(let name, let labels, let present):
      return
        "no image of \(name) has the label \(Self.list(labels, "or")): it has \(Self.list(present, "and")); "
        + "name some of these"
    case .unusableArray(let name, let reason, let remedy):
      return "\(name): \(reason): \(remedy)"
    case .missingFiles(let folder, let purpose, let names):
      return "\(folder) has no \(purpose): looked for \(names.joined(separator: ", ")); "
        + "put them there (for MNIST: vae data mnist --out another folder)"
    case .malformed(let path, let reason):
      return "\(path) is not a valid IDX file: \(reason): fetch or write it again"
    case .mismatch(let text, let remedy):
      return "\(text): \(remedy)"
    case .tooManyClasses(let folder, let count):
      return "\(folder) has \(count) subfolders of images, and 256 classes are the most: put "
        + "several into one, or all images into one folder without classes"
    }
  }

  private static func list(_ labels: [Int], _ last: String) -> String {
    let words = labels.map(String.init)
    guard words.count > 1 else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " \(last) " + words[words.count - 1]
  }
}
