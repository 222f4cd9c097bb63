import Datasets
import LatentSpace
import Statistics
import Terminal
import VAE

/// Rate and distortion of quantized codes, beside those of quantized PCA coordinates of as many dimensions.
struct RateTable {
  let loaded: LoadedRun
  let dataset: ImageDataset
  let rule: Quantizer.Rule

  func show(_ split: SplitName) throws {
    let model = loaded.model.configuration
    try checkPixels(model)
    let images = try loaded.images(of: dataset, split)
    let pixels = images.split.pixels
    let codes = try loaded.model.encode(images.table).meanMatrix
    let components = try pixelComponents(dataset.train.pixels, pixels: model.pixels)
    let coordinates = components.project(pixels, count: model.latent)

    var table = Table([
      "bits": .right, "codes, bits a pixel": .right, "MSE": .right, "PSNR": .right,
      "PCA, bits a pixel": .right, "MSE ": .right, "PSNR ": .right,
    ])
    for bits in 1...8 {
      let (own, linear) = (
        try Quantizer(codes, rule: rule, bits: bits),
        // PCA's coordinates are of no fixed scale.
        try Quantizer(coordinates, rule: .range, bits: bits)
      )
      let (cells, linearCells) = (own.indices(codes), linear.indices(coordinates))
      table.append(
        ["\(bits)", rate(cells, bits: bits)]
          + (try loaded.distortion(of: own.values(cells), from: images.split)).cells
          + [rate(linearCells, bits: bits)]
          + components.distortion(of: linear.values(linearCells), from: pixels).cells)
    }
    table.append(
      ["exact", ""] + (try loaded.distortion(of: codes, from: images.split)).cells + [""]
        + components.distortion(of: coordinates, from: pixels).cells)
    print(table.text(hasColor: Terminal.standardOutput.hasColor))
    print(
      """
      images   \(Format.count(images.split.count)) of \(dataset.name), \(split.rawValue), as \
      \(model.latent) numbers, cells by \(rule.rawValue); PCA of \
      \(Format.count(dataset.train.count)) training images, cells by range
      rate     the deflated codes alone, without a file's header or labels
      backend  \(loaded.chosen.summary)
      """)
  }

  private func rate(_ cells: [UInt16], bits: Int) -> Table.Cell {
    let model = loaded.model.configuration
    let payload = CodePayload.encode(cells, dimensions: model.latent, bits: bits)
    let pixels = cells.count / model.latent * model.imageWidth * model.imageHeight
    return "\(Format.fixed(8 * Double(payload.count) / Double(pixels), digits: 4))"
  }
}
