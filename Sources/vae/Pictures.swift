import Backend
import Datasets
import Files
import VAE

/// The images a model makes, as one picture.
struct Pictures {
  let model: VariationalAutoencoder

  /// `count` draws from the prior, decoded, in a square.
  func samples(count: Int, seed: UInt64) throws -> Image {
    let columns = Int(Double(count).squareRoot().rounded(.up))
    return grid(columns).compose(tiles(try model.sample(count: count, seed: seed)))
  }

  /// The first `count` images of a split above their reconstructions from the posterior's mean.
  func reconstructions(of split: ImageDataset.Split, _ table: PixelTable, count: Int) throws
    -> Image
  {
    let count = min(count, split.count)
    let originals = (0..<count).map { index in
      let range = index * model.configuration.pixels..<(index + 1) * model.configuration.pixels
      return tile(Array(split.pixels[range]))
    }
    let reconstructions = try model.reconstruct(table, rows: 0..<count)
    // Twice as high as wide at most: every row is two.
    let columns = max(min(8, count), Int(Double(count).squareRoot().rounded(.up)))
    return grid(columns).compose(originals, above: tiles(reconstructions))
  }

  /// Small images are enlarged, so that a person can see them.
  private func grid(_ columns: Int) -> ImageGrid {
    let side = max(model.configuration.imageWidth, model.configuration.imageHeight)
    // A PNG is at most a million pixels wide.
    return ImageGrid(
      columns: max(1, min(columns, 1_000_000 / (side + 2) - 1)), scale: max(1, 56 / side))
  }

  private func tiles(_ intensities: [Float]) -> [Image] {
    let model = model.configuration
    return stride(from: 0, to: intensities.count, by: model.pixels).map { start in
      Image(
        width: model.imageWidth, height: model.imageHeight, channels: model.channels,
        intensities: intensities[start..<start + model.pixels])
    }
  }

  private func tile(_ pixels: [UInt8]) -> Image {
    let model = model.configuration
    return Image(
      width: model.imageWidth, height: model.imageHeight, channels: model.channels, planes: pixels)
  }
}
