import Arguments
import LatentSpace
import Statistics
import Terminal
import VAE

struct Dimensions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare models and PCA as dimension reduction: error at equal dimensions.",
    discussion: """
      Test images are reduced to as many numbers as the model has latent dimensions and made anew: by a \
      model from the posterior's mean, by principal components of the training images' pixels from as many \
      coordinates. Mean squared error a pixel, intensities in [0, 1], and PSNR −10·log₁₀(MSE), of the \
      images in 8 bits.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    help: ArgumentHelp(
      "Further runs, such as an autoencoder, each beside PCA of its own latent dimensions.",
      valueName: "run,…"))
  var beside: [String] = []

  @Option(
    range: .each(.between(1, and: PixelComponents.maximumPixels)),
    help: ArgumentHelp("Further numbers of dimensions for PCA alone.", valueName: "n,…"))
  var dimensions: [Int] = []

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let first = try LoadedRun(source.run, backend: backend)
    try checkPixels(first.model.configuration)
    let pixels = first.model.configuration.pixels
    if let large = dimensions.first(where: { $0 > pixels }) {
      throw ValidationError(
        "--dimensions has \(large) and an image \(pixels) values; ask for fewer")
    }
    let dataset = try first.dataset(data)
    var rows: [Row] = []
    for path in [source.run] + beside {
      let loaded = path == source.run ? first : try LoadedRun(path, backend: backend)
      try dataset.checkSize(for: loaded.model.configuration)
      guard (loaded.binarizationSeed == nil) == (first.binarizationSeed == nil) else {
        throw ValidationError(
          "of \(source.run) and \(path) one has binarized pixels; compare runs with pixels of one kind"
        )
      }
      var distortion = Distortion()
      try loaded.forEachReconstruction(of: try loaded.images(of: dataset, .test)) {
        distortion.add($0, $1)
      }
      rows.append(
        Row(name: path, dimensions: loaded.model.configuration.latent, distortion: distortion))
    }
    let components = try pixelComponents(dataset.train.pixels, pixels: pixels)
    for count in Set(rows.map(\.dimensions) + dimensions).sorted() {
      let coordinates = components.project(dataset.test.pixels, count: count)
      rows.append(
        Row(
          name: "PCA", dimensions: count,
          distortion: components.distortion(of: coordinates, from: dataset.test.pixels)))
    }
    show(rows)
    print(
      "images   \(Format.count(dataset.test.count)) test images of \(dataset.name); PCA of "
        + "\(Format.count(dataset.train.count)) training images\nbackend  \(first.chosen.summary)")
  }

  private struct Row {
    let name: String
    let dimensions: Int
    let distortion: Distortion
  }

  private func show(_ rows: [Row]) {
    var table = Table(["": .left, "dimensions": .right, "MSE": .right, "PSNR": .right])
    // Equal numbers of dimensions side by side, models before PCA.
    let order = rows.indices.sorted {
      (rows[$0].dimensions, $0) < (rows[$1].dimensions, $1)
    }
    for index in order {
      let row = rows[index]
      table.append(["\(row.name)", "\(row.dimensions)"] + row.distortion.cells)
    }
    print(table.text(hasColor: Terminal.standardOutput.hasColor))
  }
}
