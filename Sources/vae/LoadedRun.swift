import Backend
import Backends
import Datasets
import Files
import VAE

/// A trained model on a backend, and what its run says about it.
struct LoadedRun {
  let model: VariationalAutoencoder
  let chosen: ChosenBackend
  /// `nil` for a model file without its folder.
  let configuration: RunConfiguration?

  init(_ path: String, backend: BackendOptions) throws {
    let file = try ModelFile(contentsOf: path)
    configuration = FileSystem.isFolder(path) ? try RunFolder(path).readConfiguration() : nil
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
  func images(_ options: DataOptions, _ split: SplitName = .test) throws -> (
    ImageDataset.Split, PixelTable
  ) {
    let dataset = try ImageDataset.load(options.data ?? configuration?.data ?? "digits")
    let expected = model.configuration
    guard
      dataset.width == expected.imageWidth, dataset.height == expected.imageHeight
    else {
      throw DataMismatch(
        data: dataset.name, found: (dataset.width, dataset.height),
        expected: (expected.imageWidth, expected.imageHeight))
    }
    let images = split == .test ? dataset.test : dataset.train
    return (
      images, try chosen.backend.makePixelTable(images.pixels, columns: expected.pixels)
    )
  }
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
