import Arguments
import Backend
import Backends
import Datasets
import Files
import Foundation
import VAE

/// A trained model on a backend, and what its run says about it.
struct LoadedRun {
  let model: VariationalAutoencoder
  let chosen: ChosenBackend
  /// `nil` for a model file without its folder's configuration beside it.
  let configuration: RunConfiguration?

  init(_ path: String, backend: BackendOptions) throws {
    let file = try ModelFile(contentsOf: path)
    let folder = RunFolder(
      FileSystem.isFolder(path)
        ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path)
    configuration =
      FileSystem.exists(folder.configuration) ? try folder.readConfiguration() : nil
    let plan = GraphPlan(file.configuration, capacity: Self.capacity)
    chosen = try backend.choose(memory: plan.elements * MemoryLayout<Float>.stride)
    model = try VariationalAutoencoder(
      file.configuration, on: chosen.backend, capacity: Self.capacity)
    try model.setParameters(file.parameters)
  }

  /// Images a batch.
  private static let capacity = 512

  /// The KL term's weight in the run's loss.
  var beta: Double { configuration?.training.beta ?? 1 }

  /// One part of the data set named by `options`, or of the run's own, made resident.
  func images(_ options: DataOptions, _ split: SplitName = .test) throws -> LoadedImages {
    guard let name = options.data ?? configuration?.data else {
      throw ValidationError(
        "a model file without its run's config.json beside it does not say what it was trained on; "
          + "name the data with --data")
    }
    let dataset = try ImageDataset.load(name)
    let expected = model.configuration
    guard
      dataset.width == expected.imageWidth, dataset.height == expected.imageHeight
    else {
      throw DataMismatch(
        data: dataset.name, found: (dataset.width, dataset.height),
        expected: (expected.imageWidth, expected.imageHeight))
    }
    let images = split == .test ? dataset.test : dataset.train
    return LoadedImages(
      name: dataset.name, split: images,
      table: try chosen.backend.makePixelTable(images.pixels, columns: expected.pixels))
  }
}

/// Images on the host and on the device.
struct LoadedImages {
  /// The data set's name.
  let name: String
  let split: ImageDataset.Split
  let table: PixelTable
}

/// A data set whose images are not of the model's size.
struct DataMismatch: Error, CustomStringConvertible {
  let data: String
  let found: (width: Int, height: Int)
  let expected: (width: Int, height: Int)

  var description: String {
    "\(data) has images of \(found.width)×\(found.height) pixels where the model was trained on "
      + "\(expected.width)×\(expected.height); give the data it was trained on with --data"
  }
}
