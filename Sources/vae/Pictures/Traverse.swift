import Arguments
import Files
import Terminal
import VAE

struct Traverse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what each latent dimension does to an image.",
    discussion: """
      A row for each dimension, those with the largest KL divergence over the test set first (of a plain \
      autoencoder, with the largest variance): the image's code with that one coordinate going from −reach \
      to reach standard deviations of the prior; of a plain autoencoder, which has none, of the test images' \
      codes to both sides of their mean.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .atLeast(0), help: ArgumentHelp("The test image, counted from 0.", valueName: "n"))
  var image: Int = 0

  @Option(
    range: .between(1, and: 1000),
    help: ArgumentHelp("How many dimensions; the others are left out.", valueName: "n"))
  var dimensions: Int = 30

  @Option(
    range: .between(2, and: 1000),
    help: ArgumentHelp("How many images a dimension.", valueName: "n"))
  var steps: Int = 11

  @Option(
    range: .between(0.01, and: 100),
    help: ArgumentHelp("How far, in standard deviations.", valueName: "s"))
  var reach: Double = 3

  @Option(
    range: .ending(in: ".png"), help: ArgumentHelp("The picture to write.", valueName: "png"))
  var out: String

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let run = try PicturedRun(source.run, data, backend)
    let codes = try run.model.encode(run.images.table)
    let importance = LatentImportance(codes)
    let order = Array(importance.order.prefix(dimensions))
    try run.traversal(
      of: image, dimensions: order, reach: reach, steps: steps, scale: CodeScale(of: codes)
    ).write(png: out)
    let rows = order.map { "\($0) (\(Format.fixed(importance.values[$0], digits: 2)))" }
    print(
      "\(out): test image \(image) of \(run.images.name), \(run.loaded.chosen.summary)\n"
        + "rows are dimensions (\(importance.measure)): \(rows.joined(separator: ", "))\n"
        + "reach is \(reach.short) standard deviations of \(run.model.configuration.encoderForm.scaleOwner)"
    )
  }
}

extension PicturedRun {
  /// A row for each of `dimensions`: a test image's code with that coordinate going from −`reach` to `reach`
  /// standard deviations of `scale`.
  func traversal(
    of image: Int, dimensions: [Int], reach: Double, steps: Int, scale: CodeScale
  ) throws -> Image {
    let codes = Codes.traversal(
      of: try code(of: image), dimensions: dimensions, reach: reach, steps: steps, scale: scale)
    return pictures.grid(steps).compose(try decode(codes, as: image))
  }
}

/// How much each latent dimension says of an image.
struct LatentImportance {
  /// What the values are.
  let measure: String
  /// A value for each dimension.
  let values: [Double]

  /// The KL divergence from the prior; of a plain autoencoder, which has none, the variance.
  init(_ codes: Codes) {
    let divergences = codes.klPerDimension
    (measure, values) =
      divergences.isEmpty ? ("variance", codes.meanVariances) : ("KL, nats", divergences)
  }

  /// The dimensions, the most important first; the lower number first where two are equal.
  var order: [Int] { values.descending }
}

extension [Double] {
  /// The places of the values, the largest first; the lower place first where two are equal.
  var descending: [Int] { indices.sorted { (self[$1], $0) < (self[$0], $1) } }
}
