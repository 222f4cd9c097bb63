import Backend
import Datasets
import Files
import VAE

/// The images a model makes, as one picture.
struct Pictures {
  let model: VariationalAutoencoder

  /// `count` draws from the prior, decoded, in a square; of a conditional model those of `label`, or a row
  /// for each class.
  func samples(count: Int, seed: UInt64, label: Int? = nil) throws -> Image {
    if let classes = model.configuration.classes, label == nil {
      return try samplesByLabel(columns: Self.rowLength(count, classes: classes), seed: seed)
    }
    let labels = label.map { [Int](repeating: $0, count: count) }
    return square(try model.sample(count: count, seed: seed, labels: labels))
  }

  /// Images, one row of intensities each, in a square.
  func square(_ intensities: [Float]) -> Image {
    let count = Double(intensities.count / model.configuration.pixels)
    return grid(Int(count.squareRoot().rounded(.up))).compose(tiles(intensities))
  }

  /// A row for each class of a conditional model, and in each column one draw from the prior, decoded as
  /// every class.
  ///
  /// - Throws: `ConditionError.notConditional`, or a `BackendError`.
  func samplesByLabel(columns: Int, seed: UInt64) throws -> Image {
    guard let classes = model.configuration.classes else { throw ConditionError.notConditional }
    let rows = try (0..<classes).map { label in
      try model.sample(
        count: columns, seed: seed, labels: [Int](repeating: label, count: columns))
    }
    return grid(columns).compose(rows.flatMap(tiles))
  }

  /// Images of each class, of at least `count` in all.
  static func rowLength(_ count: Int, classes: Int) -> Int { (count + classes - 1) / classes }

  /// The first `count` images of a split above their reconstructions from the posterior's mean, which a
  /// conditional model may decode as `label`.
  func reconstructions(
    of split: ImageDataset.Split, _ table: PixelTable, count: Int, as label: Int? = nil
  ) throws -> Image {
    let count = min(count, split.count)
    let originals = originals(of: split, 0..<count)
    let reconstructions = try model.reconstruct(table, rows: 0..<count, as: label)
    // Twice as high as wide at most: every row is two.
    let columns = max(min(8, count), Int(Double(count).squareRoot().rounded(.up)))
    return grid(columns).compose(originals, above: tiles(reconstructions))
  }

  /// Images of a split, as they are.
  func originals(of split: ImageDataset.Split, _ rows: Range<Int>) -> [Image] {
    let model = model.configuration
    return rows.map { index in
      Image(
        width: model.imageWidth, height: model.imageHeight, channels: model.channels,
        planes: split.pixels[index * model.pixels..<(index + 1) * model.pixels])
    }
  }

  /// Rows of images above the same rows in other states; pixels in [0, 1], image after image.
  func layers(_ layers: [[Float]]) -> Image {
    let count = layers[0].count / model.configuration.pixels
    return grid(max(min(8, count), Int(Double(count).squareRoot().rounded(.up))))
      .compose(layers: layers.map(tiles))
  }

  /// Small images are enlarged, so that a person can see them.
  func grid(_ columns: Int) -> ImageGrid {
    let side = max(model.configuration.imageWidth, model.configuration.imageHeight)
    // A PNG is at most a million pixels wide.
    return ImageGrid(
      columns: max(1, min(columns, 1_000_000 / (side + 2) - 1)), scale: max(1, 56 / side))
  }

  /// Decoded images, one after the other, each by itself.
  func tiles(_ intensities: [Float]) -> [Image] {
    let model = model.configuration
    return stride(from: 0, to: intensities.count, by: model.pixels).map { start in
      Image(
        width: model.imageWidth, height: model.imageHeight, channels: model.channels,
        intensities: intensities[start..<start + model.pixels])
    }
  }
}
