import Arguments
import Backend
import Backends
import Datasets
import Files
import Foundation
import Terminal
import VAE

/// A trained model's files.
struct SavedRun {
  let file: ModelFile
  /// `nil` for a model file without its folder's configuration beside it.
  let configuration: RunConfiguration?
  /// The model's file and, whether it is a run's or not, its folder.
  let path: String
  let folder: RunFolder

  /// The run folder, or `.safetensors` file, at `path`.
  init(_ path: String) throws {
    file = try ModelFile(contentsOf: path)
    folder = RunFolder(
      FileSystem.isFolder(path)
        ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path)
    self.path = FileSystem.isFolder(path) ? folder.model : path
    configuration =
      FileSystem.exists(folder.configuration) ? try folder.readConfiguration() : nil
  }

  /// The data set named by `options`, or else the run's own, its images made to fit the model.
  func dataset(_ options: DataOptions) throws -> ImageDataset {
    let dataset = try ImageDataset.load(try data(options), fit: fit(options))
    try dataset.checkSize(for: file.configuration)
    if let configuration { try dataset.checkClassNames(for: configuration) }
    return dataset
  }

  /// How images are made to fit: as `options` say, or else as the run's were.
  func fit(_ options: DataOptions) -> ImageFit {
    options.fit ?? configuration?.images ?? ImageFit()
  }

  /// The name of the data set.
  func data(_ options: DataOptions) throws -> String {
    guard let name = options.data ?? configuration?.data else {
      throw ValidationError(
        "a model file without its run's config.json beside it does not say what it was trained on; "
          + "name the data with --data")
    }
    return name
  }
}

/// A trained model on a backend, and what its run says about it.
struct LoadedRun {
  let model: VariationalAutoencoder
  let chosen: ChosenBackend
  let saved: SavedRun

  /// - Parameter workspace: what the model is used for beyond passes with one draw of each code.
  init(
    _ path: String, backend: BackendOptions,
    workspace: (ModelConfiguration) -> Workspace = { _ in Workspace() }
  ) throws {
    saved = try SavedRun(path)
    let configuration = saved.file.configuration
    let (capacity, room) = (GraphPlan.capacity(for: configuration), workspace(configuration))
    let plan = GraphPlan(configuration, capacity: capacity, workspace: room)
    chosen = try backend.choose(memory: MemoryDemand(arena: plan.elements))
    model = try VariationalAutoencoder(
      configuration, on: chosen.backend, capacity: capacity, workspace: room)
    try model.setParameters(saved.file.parameters)
  }

  /// What the run was made with, if that is known.
  var configuration: RunConfiguration? { saved.configuration }

  /// The run folder, or the one that the model file is in.
  var folder: RunFolder { saved.folder }

  /// The seed of the run, and of what is drawn to evaluate it.
  var seed: UInt64 { configuration?.training.seed ?? 1 }

  /// The KL term's weight in the run's loss.
  var beta: Double { configuration?.training.beta ?? 1 }

  /// One part of the data set named by `options`, or of the run's own, made resident: all of it, or the
  /// first `count` images.
  ///
  /// - Parameter labels: whether the run's own data are all of the set, or what was trained on of it.
  func images(
    _ options: DataOptions, _ split: SplitName = .test, first count: Int? = nil,
    labels: LabelChoice = .trained
  ) throws -> LoadedImages {
    try images(of: try dataset(options, labels: labels), split, first: count)
  }

  /// The data set named by `options`, or the run's own, of the model's size, and binarized once where the
  /// run's own was binarized.
  func dataset(_ options: DataOptions, labels: LabelChoice = .trained) throws -> ImageDataset {
    let isOwn = labels == .trained && options.data == nil
    let dataset = try saved.dataset(options)
      .selecting(labels: isOwn ? configuration?.trainedLabels : nil)
    guard let seed = binarizationSeed else { return dataset }
    Terminal.standardError.write(
      "note: the images are binarized once, as the run's were, with its seed \(seed)\n")
    return dataset.binarized(seed: seed)
  }

  /// One part of `dataset`, or its first `count` images, made resident, and binarized as by `dataset(_:)` if it
  /// is not yet.
  func images(of dataset: ImageDataset, _ split: SplitName, first count: Int? = nil) throws
    -> LoadedImages
  {
    let whole = split == .test ? dataset.test : dataset.train
    var images = count.map { whole.first($0) } ?? whole
    if let seed = binarizationSeed {
      images = images.binarized(
        split == .test ? .test : .train, imageSize: dataset.imageSize, seed: seed)
    }
    return LoadedImages(
      name: dataset.name, split: images,
      table: try dataset.makeTable(of: images, for: model.configuration, on: chosen.backend))
  }

  /// The seed by which the run's pixels were binarized, if they were.
  var binarizationSeed: UInt64? {
    configuration.flatMap { $0.training.binarization == nil ? nil : $0.training.seed }
  }
}

/// Which images of a run's own data.
enum LabelChoice {
  /// Those that it was trained on: all, or those that --train-on-labels named.
  case trained
  /// All.
  case all
}

/// Images on the host and on the device.
struct LoadedImages {
  /// The data set's name.
  let name: String
  let split: ImageDataset.Split
  let table: PixelTable
}

extension ImageDataset {
  /// What an image is like: `28×28 grey`.
  private var size: String { "\(width)×\(height) \(channels == 1 ? "grey" : "colour")" }

  /// Makes sure that the images are of the size that `model` was made for.
  ///
  /// - Throws: `DataMismatch`.
  func checkSize(for model: ModelConfiguration) throws(DataMismatch) {
    let isColour = model.channels != 1
    guard width == model.imageWidth, height == model.imageHeight, channels == model.channels else {
      throw DataMismatch(
        data: name, found: size,
        expected: "\(model.imageWidth)×\(model.imageHeight) \(isColour ? "colour" : "grey")")
    }
  }
}

extension ModelConfiguration {
  /// Takes the images' size over.
  mutating func fit(_ dataset: ImageDataset) {
    (imageWidth, imageHeight) = (dataset.width, dataset.height)
    channels = dataset.channels
  }
}

/// A data set whose images are not of the model's size.
struct DataMismatch: Error, CustomStringConvertible {
  let data: String
  let found: String
  let expected: String

  var description: String {
    "\(data) has images of \(found) pixels where the model was trained on \(expected); "
      + "give the data it was trained on with --data, or make these fit with --size and --grey"
  }
}
