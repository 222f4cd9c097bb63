import Arguments
import Backend
import Files
import LatentSpace
import Terminal
import VAE

/// What z is drawn from.
enum PriorName: String, CaseIterable, ExpressibleByArgument {
  case standard
  case mixture
}

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw images from the prior and decode them, as a grid.")

  @OptionGroup var source: RunArgument

  @Option(help: ArgumentHelp("The picture to write.", valueName: "png"))
  var out: String

  @Option(range: .between(1, and: 10_000), help: ArgumentHelp("How many images.", valueName: "n"))
  var count: Int = 64

  @Option(help: ArgumentHelp("The seed of the draws.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help:
      "standard, which is N(0, I), or mixture, the Gaussian mixture that `vae fit-prior` fitted to the codes."
  )
  var prior: PriorName = .standard

  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let pictures = Pictures(model: loaded.model)
    switch prior {
    case .standard: try pictures.samples(count: count, seed: seed).write(png: out)
    case .mixture:
      let codes = try loaded.mixturePrior().mixture.sample(count: count, seed: seed)
      try pictures.square(try loaded.model.decode(codes.singles)).write(png: out)
    }
    print("\(out): \(count) samples of the \(prior.rawValue) prior, \(loaded.chosen.summary)")
  }
}

struct Reconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show originals above their reconstructions.",
    discussion: "The first images of the test set, encoded to the posterior's mean and decoded.")

  @OptionGroup var source: RunArgument

  @Option(help: ArgumentHelp("The picture to write.", valueName: "png"))
  var out: String

  @Option(range: .between(1, and: 10_000), help: ArgumentHelp("How many images.", valueName: "n"))
  var count: Int = 16

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let images = try loaded.images(data)
    try Pictures(model: loaded.model)
      .reconstructions(of: images.split, images.table, count: count).write(png: out)
    print(
      "\(out): \(min(count, images.split.count)) of \(images.name)'s test images, "
        + loaded.chosen.summary)
  }
}

struct Encode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the posteriors of a data set as a NumPy array.",
    discussion: """
      float32, one row an image: the means of all latent dimensions, then their log-variances. For a \
      sigma posterior the latter is ln(σ² + 1e-10).
      """)

  @OptionGroup var source: RunArgument

  @Option(help: ArgumentHelp("The array to write.", valueName: "npy"))
  var out: String

  @Option(help: "Which part of the data.")
  var split: SplitName = .test

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let images = try loaded.images(data, split)
    let codes = try loaded.model.encode(images.table)
    try NumPyArray(shape: [codes.count, 2 * codes.latent], elements: .float32(codes.rows))
      .write(to: out)
    print(
      "\(out): \(Format.count(codes.count)) × \(2 * codes.latent), \(loaded.chosen.summary)")
  }
}
