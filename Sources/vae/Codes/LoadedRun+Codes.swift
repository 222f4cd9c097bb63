import Datasets
import Files
import LatentSpace
import Statistics
import VAE

extension LoadedRun {
  /// SHA-256 of the model's file.
  func checksum() throws -> String {
    SHA256.hexadecimal(of: try FileSystem.read(saved.path))
  }

  /// The mixture beside the model, fitted to it.
  func mixturePrior() throws -> MixturePrior {
    try MixturePrior(
      contentsOf: saved.folder.prior, modelChecksum: try checksum(),
      latent: model.configuration.latent)
  }

  /// Calls `body` with every few hundred of `images` and what the posterior's mean decodes to.
  func forEachReconstruction(
    of images: LoadedImages, _ body: (ArraySlice<UInt8>, [Float]) throws -> Void
  ) throws {
    let pixels = model.configuration.pixels
    for rows in model.batches(of: images.split.count) {
      try body(
        images.split.pixels[rows.lowerBound * pixels..<rows.upperBound * pixels],
        try model.reconstruct(images.table, rows: rows))
    }
  }

  /// The class of each image for a conditional model, else nil.
  func classes(of split: ImageDataset.Split) -> [Int]? {
    model.configuration.labels(of: split)?.map { Int($0) }
  }

  /// How far `codes`, one row an image of `split`, decode from their originals.
  func distortion(of codes: Matrix, from split: ImageDataset.Split) throws -> Distortion {
    var distortion = Distortion()
    let (pixels, latent) = (model.configuration.pixels, model.configuration.latent)
    let (singles, labels) = (codes.singles, classes(of: split))
    for rows in model.batches(of: codes.rows) {
      distortion.add(
        split.pixels[rows.lowerBound * pixels..<rows.upperBound * pixels],
        try model.decode(
          Array(singles[rows.lowerBound * latent..<rows.upperBound * latent]),
          labels: labels.map { Array($0[rows]) }))
    }
    return distortion
  }
}
