import Arguments
import Files
import VAE

struct Interpolate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go from one test image to another through the latent space.",
    discussion: """
      Both are encoded to their posteriors' means, and codes on the way between them decoded: along the \
      straight line, along the arc (spherical interpolation), or both, one above the other. A PNG has a row \
      for each way, between the originals; a GIF goes there and back. Images are counted from 0. \
      A conditional model decodes all codes as the first image's class.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .atLeast(0), help: ArgumentHelp("The test image to begin with.", valueName: "image"))
  var from: Int

  @Option(
    range: .atLeast(0), help: ArgumentHelp("The test image to end with.", valueName: "image"))
  var to: Int

  @Option(
    range: .ending(in: ".png", ".gif"),
    help: ArgumentHelp("The picture to write.", valueName: "png|gif"))
  var out: String

  @Flag(help: "Only the straight line.")
  var linear: Bool = false

  @Flag(help: "Only the arc.")
  var spherical: Bool = false

  @Option(
    range: .between(2, and: 1000),
    help: ArgumentHelp("How many images, both ends included. (default: 10; GIF 30)", valueName: "n")
  )
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "Another run, below or beside this one: a plain autoencoder, for example.", valueName: "run"))
  var with: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func validate() throws {
    if linear && spherical {
      throw ValidationError("--linear and --spherical: give one of them, or none for both ways")
    }
  }

  func run() throws {
    let isMoving = out.lowercased().hasSuffix(".gif")
    let runs = try PicturedRun.pair(source.run, with: with, data, backend)
    let ways: [Interpolation] =
      linear ? [.linear] : spherical ? [.spherical] : [.linear, .spherical]
    let interpolations = try InterpolatedImages(
      runs, from: from, to: to, ways: ways, steps: steps ?? (isMoving ? 30 : 10))
    if isMoving {
      try interpolations.animation.write(gif: out)
    } else {
      try interpolations.rows.write(png: out)
    }
    let label =
      runs[0].label(of: from).map { ", all decoded as class \($0), that of \(from)" } ?? ""
    print(
      "\(out): test images \(from) to \(to) of \(runs[0].images.name)\(label), \(isMoving ? "columns" : "rows"): "
        + "\(interpolations.names.joined(separator: ", ")); \(runs[0].loaded.chosen.summary)")
  }
}

/// The images on one way or several between two test images.
struct InterpolatedImages {
  /// The run and the way of each.
  let names: [String]
  private let ways: [[Image]]
  private let (first, last): (Image, Image)
  private let pictures: Pictures

  /// `steps` images of each of `runs` along each of `ways`, both ends included.
  init(_ runs: [PicturedRun], from: Int, to: Int, ways: [Interpolation], steps: Int) throws {
    var (names, images): ([String], [[Image]]) = ([], [])
    for run in runs {
      let (start, end) = (try run.code(of: from), try run.code(of: to))
      for way in ways {
        names.append(runs.count > 1 ? "\(run.name) \(way.rawValue)" : way.rawValue)
        images.append(try run.decode(way.codes(from: start, to: end, steps: steps), as: from))
      }
    }
    self.names = names
    self.ways = images
    first = try runs[0].original(from)
    last = try runs[0].original(to)
    pictures = runs[0].pictures
  }

  /// A row for each way, between the originals.
  var rows: Image {
    pictures.grid(ways[0].count + 2).compose(ways.flatMap { [first] + $0 + [last] })
  }

  /// All ways side by side between the originals, there and back.
  var animation: Animation {
    let grid = pictures.grid(ways.count + 2)
    let there = ways[0].indices.map { step in
      grid.compose([first] + ways.map { $0[step] } + [last])
    }
    return Animation(
      frames: there + there.dropFirst().dropLast().reversed(), delay: 8, lastDelay: 8)
  }
}
