import Arguments
import Files
import LatentSpace
import Statistics
import Terminal
import VAE

struct PCACommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pca",
    abstract: "Project codes or pixels onto their principal components.",
    discussion: """
      Writes float32, one row an image: its coordinates along the directions in which the codes (the \
      posteriors' means) or the pixels of the same images vary most. Each direction's largest element is \
      positive.
      """)

  /// What is projected.
  enum Subject: String, CaseIterable, ExpressibleByArgument {
    case codes
    case pixels
  }

  @OptionGroup var source: RunArgument

  @Option(range: .ending(in: ".npy"), help: ArgumentHelp("The array to write.", valueName: "npy"))
  var out: String

  @Option(
    range: .between(1, and: PixelComponents.maximumPixels),
    help: ArgumentHelp("How many components.", valueName: "n"))
  var dimensions: Int = 2

  @Option(help: "What is projected.")
  var of: Subject = .codes

  @Option(help: "Which part of the data.")
  var split: SplitName = .test

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let model = loaded.model.configuration
    let available = of == .codes ? model.latent : model.pixels
    guard dimensions <= available else {
      throw ValidationError(
        "--dimensions is \(dimensions) and the \(of.rawValue) have \(available); ask for fewer")
    }
    if of == .pixels { try checkPixels(model) }
    let images = try loaded.images(data, split)
    let components: PrincipalComponents
    let coordinates: Matrix
    switch of {
    case .codes:
      let codes = try loaded.model.encode(images.table).meanMatrix
      components = try PrincipalComponents(Moments(codes))
      coordinates = components.project(codes, count: dimensions)
    case .pixels:
      let fit = try pixelComponents(images.split.pixels, pixels: model.pixels)
      components = fit.components
      coordinates = fit.project(images.split.pixels, count: dimensions)
    }
    try NumPyArray(
      shape: [coordinates.rows, coordinates.columns], elements: .float32(coordinates.singles)
    ).write(to: out)
    var (table, sum) = (
      Table(["component": .right, "variance": .right, "of all": .right, "sum": .right]), 0.0
    )
    for (index, share) in components.explainedVariance.prefix(min(dimensions, 20)).enumerated() {
      sum += share
      table.append([
        "\(index + 1)", "\(Format.fixed(components.variances[index], digits: 4))",
        "\(Format.percent(share, digits: 2))", "\(Format.percent(sum, digits: 2))",
      ])
    }
    print(table.text(hasColor: Terminal.standardOutput.hasColor))
    print(
      "\(out): \(Format.count(coordinates.rows)) × \(coordinates.columns), \(of.rawValue) of "
        + "\(images.name)'s \(split.rawValue) images, \(loaded.chosen.summary)")
  }
}

/// Refuses images whose covariance no memory holds.
func checkPixels(_ model: ModelConfiguration) throws(ValidationError) {
  guard model.pixels <= PixelComponents.maximumPixels else {
    throw ValidationError(
      "images of \(model.pixels) values are too large for principal components, which take at most "
        + "\(PixelComponents.maximumPixels); use smaller images")
  }
}

/// The components of `images`, with progress.
func pixelComponents(_ images: [UInt8], pixels: Int) throws -> PixelComponents {
  try withProgress("principal components", of: images.count / pixels) { report in
    try PixelComponents(images, pixels: pixels) { report($0) }
  }
}
