import Arguments
import Datasets
import Files
import Terminal
import VAE

/// A trained model with the test images that its pictures are of.
struct PicturedRun {
  /// What the command line calls it.
  let name: String
  let loaded: LoadedRun
  let images: LoadedImages

  var model: VariationalAutoencoder { loaded.model }
  var pictures: Pictures { Pictures(model: model) }

  init(_ path: String, _ data: DataOptions, _ backend: BackendOptions) throws {
    name = path
    loaded = try LoadedRun(path, backend: backend)
    images = try loaded.images(data)
  }

  private init(_ path: String, _ dataset: ImageDataset, _ backend: BackendOptions) throws {
    name = path
    loaded = try LoadedRun(path, backend: backend)
    try dataset.checkSize(for: loaded.model.configuration)
    images = try loaded.images(of: dataset, .test)
  }

  /// The runs at `path` and, if there is one, at `other`, both with the data of the first unless some is named.
  static func pair(
    _ path: String, with other: String?, _ data: DataOptions, _ backend: BackendOptions
  ) throws -> [PicturedRun] {
    let dataset = try SavedRun(path).dataset(data)
    return try [path, other].compactMap { $0 }.map { try PicturedRun($0, dataset, backend) }
  }

  /// The mean of a test image's posterior.
  ///
  /// - Throws: `NoSuchImage`, or a `BackendError` that an operation left.
  func code(of image: Int) throws -> [Float] {
    try check(image)
    return try model.encode(images.table, rows: image..<image + 1).means
  }

  /// A test image as it is.
  ///
  /// - Throws: `NoSuchImage`.
  func original(_ image: Int) throws -> Image {
    try check(image)
    return pictures.originals(of: images.split, image..<image + 1)[0]
  }

  /// The images of codes, each by itself; by a conditional model as what the test image `image` is.
  func decode(_ codes: [Float], as image: Int) throws -> [Image] {
    let labels = loaded.classes(of: images.split).map { labels in
      Array(repeating: labels[image], count: codes.count / model.configuration.latent)
    }
    return pictures.tiles(try model.decode(codes, labels: labels))
  }

  private func check(_ image: Int) throws(NoSuchImage) {
    guard image < images.split.count else {
      throw NoSuchImage(image: image, count: images.split.count, data: images.name)
    }
  }
}

/// A number beyond the last test image.
struct NoSuchImage: Error, CustomStringConvertible {
  let image: Int
  let count: Int
  let data: String

  var description: String {
    "there is no test image \(Format.count(image)): \(data) has \(Format.count(count)), "
      + "0 to \(Format.count(count - 1))"
  }
}

/// The picture formats that `--out` may name.
enum PictureFormat: String, CaseIterable {
  case png
  case gif

  /// What the name of the file at `path` ends in.
  ///
  /// - Throws: `ValidationError`.
  init(of path: String) throws(ValidationError) {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard let format = Self(rawValue: ending) else {
      throw ValidationError("--out is '\(path)'; its name must end in .png or .gif")
    }
    self = format
  }
}
