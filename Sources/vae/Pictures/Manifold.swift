import Arguments
import Files
import Statistics
import VAE

struct Manifold: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the whole latent space of a model with two dimensions.",
    discussion: """
      Images decoded from a grid whose lines are the standard normal's quantiles, as dense as the prior: the \
      first dimension grows to the right, the second upwards.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .between(2, and: 100), help: ArgumentHelp("Images along a side.", valueName: "n"))
  var side: Int = 20

  @Option(
    range: .atLeast(0),
    help: ArgumentHelp("The class that a conditional model decodes as.", valueName: "k"))
  var label: Int?

  @Option(
    range: .ending(in: ".png"), help: ArgumentHelp("The picture to write.", valueName: "png"))
  var out: String

  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    guard loaded.model.configuration.latent == 2 else {
      throw NotAPlane(run: source.run, latent: loaded.model.configuration.latent)
    }
    loaded.noteWithoutPrior()
    try Pictures(model: loaded.model).manifold(side: side, label: label).write(png: out)
    print("\(out): \(side) × \(side) images, \(loaded.chosen.summary)")
  }
}

/// A latent space that is no plane.
struct NotAPlane: Error, CustomStringConvertible {
  let run: String
  let latent: Int

  var description: String {
    "\(run) has \(latent) latent dimensions where a plane has 2: train with --latent 2, or see each dimension "
      + "by itself with vae traverse"
  }
}

extension Pictures {
  /// The images of `side × side` codes, row by row from the top, whose coordinates are the standard normal's
  /// quantiles at (i + ½)/side: everywhere as dense as the prior (Kingma and Welling 2013, figure 4). By a
  /// conditional model as `label`.
  func manifold(side: Int, label: Int?) throws -> Image {
    let places = (0..<side).map {
      Float(StandardNormal.quantile((Double($0) + 0.5) / Double(side)))
    }
    let codes = places.reversed().flatMap { y in places.flatMap { x in [x, y] } }
    let labels = label.map { Array(repeating: $0, count: side * side) }
    return grid(side).compose(tiles(try model.decode(codes, labels: labels)))
  }
}
