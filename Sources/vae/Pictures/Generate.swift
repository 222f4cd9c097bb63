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
    abstract: "Draw images from the prior and decode them, as a grid.",
    discussion: """
      A conditional model's grid has a row for each class, and each of its columns one draw of z, decoded \
      as every class; or images of one class, by --label. An autoencoder was trained for no prior.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .ending(in: ".png"), help: ArgumentHelp("The picture to write.", valueName: "png"))
  var out: String

  @Option(
    range: .between(1, and: 10_000),
    help: ArgumentHelp("How many images; rows of classes are filled up.", valueName: "n"))
  var count: Int = 64

  @Option(help: ArgumentHelp("The seed of the draws.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    range: .atLeast(0), help: ArgumentHelp("A conditional model's only class.", valueName: "k"))
  var label: Int?

  @Option(
    help:
      "standard, which is N(0, I), or mixture, the Gaussian mixture that `vae fit-prior` fitted to the codes."
  )
  var prior: PriorName = .standard

  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let model = loaded.model.configuration
    if prior == .standard { loaded.noteWithoutPrior() }
    let pictures = Pictures(model: loaded.model)
    switch prior {
    case .standard: try pictures.samples(count: count, seed: seed, label: label).write(png: out)
    case .mixture: try pictures.square(try mixtureSamples(loaded)).write(png: out)
    }
    print("\(out): \(description(model)), \(loaded.chosen.summary)")
  }

  /// Images decoded from draws of the mixture.
  private func mixtureSamples(_ loaded: LoadedRun) throws -> [Float] {
    if loaded.model.configuration.classes != nil, label == nil {
      throw ValidationError(
        "--prior mixture draws images of one class of a conditional model; name it with --label")
    }
    let codes = try loaded.mixturePrior().mixture.sample(count: count, seed: seed)
    return try loaded.model.decode(
      codes.singles, labels: label.map { [Int](repeating: $0, count: count) })
  }

  private func description(_ model: ModelConfiguration) -> String {
    let samples = prior == .standard ? "samples" : "samples of the mixture"
    if let label { return "\(count) \(samples) of label \(label)" }
    guard let classes = model.classes else { return "\(count) \(samples)" }
    return "\(Pictures.rowLength(count, classes: classes)) samples of each of \(classes) labels"
  }
}

extension LoadedRun {
  /// Says so where images are to be decoded from a prior that the model was not trained for.
  func noteWithoutPrior() {
    guard model.configuration.encoderForm == .deterministic else { return }
    Console(quiet: false).note(
      "\(saved.path) is a plain autoencoder, trained for no prior: images decoded from N(0, I) need not look "
        + "like its data; fit one with vae fit-prior")
  }
}

struct Reconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show originals above their reconstructions.",
    discussion: """
      The first images of the test set, encoded to the posterior's mean and decoded; by a conditional model \
      with their labels, or decoded as another class, by --label.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .ending(in: ".png"), help: ArgumentHelp("The picture to write.", valueName: "png"))
  var out: String

  @Option(range: .between(1, and: 10_000), help: ArgumentHelp("How many images.", valueName: "n"))
  var count: Int = 16

  @Option(
    range: .atLeast(0),
    help: ArgumentHelp("The class that a conditional model decodes as.", valueName: "k"))
  var label: Int?

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let images = try loaded.images(data)
    try Pictures(model: loaded.model)
      .reconstructions(of: images.split, images.table, count: count, as: label).write(png: out)
    print(
      "\(out): \(min(count, images.split.count)) of \(images.name)'s test images"
        + (label.map { " decoded as \($0), " } ?? ", ")
        + loaded.chosen.summary)
  }
}

struct Encode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the posteriors of a data set as a NumPy array.",
    discussion: """
      float32, one row an image: the means of all latent dimensions, then their log-variances. For a \
      sigma posterior the latter is ln(σ² + 1e-10). A plain autoencoder's rows are its codes alone.
      """)

  @OptionGroup var source: RunArgument

  @Option(range: .ending(in: ".npy"), help: ArgumentHelp("The array to write.", valueName: "npy"))
  var out: String

  @Option(help: "Which part of the data.")
  var split: SplitName = .test

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    let images = try loaded.images(data, split)
    let codes = try loaded.model.encode(images.table)
    try NumPyArray(shape: [codes.count, codes.columns], elements: .float32(codes.rows))
      .write(to: out)
    print(
      "\(out): \(Format.count(codes.count)) × \(codes.columns), \(loaded.chosen.summary)")
  }
}
