import Arguments
import Backend
import Files
import VAE

struct Vary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw images similar to a given one.",
    discussion: """
      The image, its reconstruction from the posterior's mean μ, then images decoded from μ + s·ε with ε \
      from N(0, I); by a plain autoencoder, which has no prior, with ε of the standard deviations of the test \
      images' codes.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .atLeast(0),
    help: ArgumentHelp("The test image, counted from 0.", valueName: "n"))
  var image: Int = 0

  @Option(
    range: .between(0, and: 100),
    help: ArgumentHelp("How far, in standard deviations.", valueName: "s"))
  var scale: Double = 0.5

  @Option(range: .between(1, and: 10_000), help: ArgumentHelp("How many.", valueName: "n"))
  var count: Int = 30

  @Option(help: ArgumentHelp("The seed of the draws.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    range: .ending(in: ".png"), help: ArgumentHelp("The picture to write.", valueName: "png"))
  var out: String

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    let run = try PicturedRun(source.run, data, backend)
    try run.variations(of: image, scale: scale, of: run.codeScale(), count: count, seed: seed)
      .write(png: out)
    print(
      "\(out): test image \(image) of \(run.images.name), its reconstruction and \(count) variations by "
        + "\(scale.short) standard deviations of \(run.model.configuration.encoderForm.scaleOwner), "
        + run.loaded.chosen.summary)
  }
}

extension PicturedRun {
  /// A test image, its reconstruction, and `count` images decoded from μ + `scale`·σ·ε, with the standard
  /// deviations σ of `codeScale`.
  func variations(
    of image: Int, scale: Double, of codeScale: CodeScale, count: Int, seed: UInt64
  ) throws -> Image {
    let mean = try code(of: image)
    var random = RandomNumbers(Noise(seed: seed, stream: .priorSamples))
    let codes = (0..<count).flatMap { _ in
      zip(mean, codeScale.deviations).map { $0 + Float(scale * $1 * random.normal()) }
    }
    let columns = Int(Double(count + 2).squareRoot().rounded(.up))
    return try pictures.grid(columns).compose(
      [original(image)] + decode(mean + codes, as: image))
  }
}
