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
  /// The test images: of its own data those of the labels that it was trained on.
  let images: LoadedImages
  private let dataset: ImageDataset
  private let data: DataOptions

  var model: VariationalAutoencoder { loaded.model }
  var pictures: Pictures { Pictures(model: model) }

  init(_ path: String, _ data: DataOptions, _ backend: BackendOptions) throws {
    let loaded = try LoadedRun(path, backend: backend)
    try self.init(path, loaded, data, loaded.dataset(data))
  }

  private init(
    _ path: String, _ loaded: LoadedRun, _ data: DataOptions, _ dataset: ImageDataset
  ) throws {
    try dataset.checkSize(for: loaded.model.configuration)
    name = path
    self.loaded = loaded
    self.data = data
    self.dataset = dataset
    images = try loaded.images(of: dataset, .test)
  }

  /// The runs at `path` and, if there is one, at `other`, both with the first one's images.
  static func pair(
    _ path: String, with other: String?, _ data: DataOptions, _ backend: BackendOptions
  ) throws -> [PicturedRun] {
    let first = try PicturedRun(path, data, backend)
    guard let other else { return [first] }
    let loaded = try LoadedRun(other, backend: backend)
    return [first, try PicturedRun(other, loaded, data, first.dataset)]
  }

  /// The test images of all labels, those too that were held out of training.
  func imagesOfAllLabels() throws -> LoadedImages {
    guard data.data == nil, loaded.configuration?.trainedLabels != nil else { return images }
    return try loaded.images(of: loaded.saved.dataset(data), .test)
  }

  /// What steps through the latent space are measured in.
  func codeScale() throws -> CodeScale {
    model.configuration.encoderForm == .deterministic
      ? CodeScale(of: try model.encode(images.table))
      : .prior(latent: model.configuration.latent)
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
    let labels = label(of: image).map {
      Array(repeating: $0, count: codes.count / model.configuration.latent)
    }
    return pictures.tiles(try model.decode(codes, labels: labels))
  }

  /// The class of a test image, which a conditional model decodes codes as.
  func label(of image: Int) -> Int? { loaded.classes(of: images.split)?[image] }

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

extension EncoderForm {
  /// Whose standard deviations steps through the latent space are counted in.
  var scaleOwner: String { self == .deterministic ? "the test images' codes" : "the prior" }
}
