import Arguments
import Backend
import Files
import LatentSpace
import Terminal
import VAE

struct Denoise: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show images, the same with noise, and what the model makes of those.",
    discussion: """
      Corrupts the test images, decodes the mean of the posterior of what came of them, and prints both \
      images' peak signal-to-noise ratio in dB: −10 log₁₀ of the squared error averaged over all pixels, in 8 bits. \
      Train for it with vae train --corrupt.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .ending(in: ".png"), help: ArgumentHelp("The picture to write.", valueName: "png"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "gaussian:σ, mask:p or salt-pepper:p. (default: what the run was trained with)",
      valueName: "noise"))
  var corrupt: Corruption?

  @Option(range: .between(1, and: 10_000), help: ArgumentHelp("How many images.", valueName: "n"))
  var count: Int = 16

  @Option(help: ArgumentHelp("The seed of the noise.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    try FileSystem.checkWritable(out)
    let loaded = try LoadedRun(source.run, backend: backend)
    guard let corruption = corrupt ?? loaded.model.configuration.corruption else {
      throw ValidationError(
        "\(source.run) was trained without noise; say which to try with --corrupt gaussian:0.3")
    }
    let images = try loaded.images(data)
    var (noisy, restored) = (Distortion(), Distortion())
    var shown = DenoisedRows()
    let (rows, pixels) = (images.split.count, loaded.model.configuration.pixels)
    for range in loaded.model.batches(of: rows) {
      let denoised = try loaded.model.denoise(images.table, rows: range, corruption, seed: seed)
      let clean = images.split.pixels[range.lowerBound * pixels..<range.upperBound * pixels]
      if let broken = denoised.restored.first(where: { !$0.isFinite }) {
        throw NotFinite(what: "a pixel that \(source.run) denoised", value: Double(broken))
      }
      noisy.add(clean, denoised.corrupted)
      restored.add(clean, denoised.restored)
      shown.add(clean, denoised, upTo: count * pixels)
    }
    try Pictures(model: loaded.model)
      .layers([shown.clean, shown.corrupted, shown.restored]).write(png: out)
    print(
      """
      noise             \(corruption)
      PSNR              \(noisy.ratioText) with noise, \(restored.ratioText) denoised
      images            \(Format.count(rows)) of \(images.name), test
      backend           \(loaded.chosen.summary)
      \(out): \(min(count, rows)) images, with noise, denoised
      """)
  }
}

/// The first images in their three states.
private struct DenoisedRows {
  private(set) var clean: [Float] = []
  private(set) var corrupted: [Float] = []
  private(set) var restored: [Float] = []

  mutating func add(_ pixels: ArraySlice<UInt8>, _ denoised: DenoisedImages, upTo count: Int) {
    let room = max(0, count - clean.count)
    clean += pixels.prefix(room).map { Float($0) / 255 }
    corrupted += denoised.corrupted.prefix(room)
    restored += denoised.restored.prefix(room)
  }
}

extension Corruption: ExpressibleByArgument {
  public init(argument: String) throws {
    guard let corruption = Corruption(argument) else {
      throw InvalidValue(
        "'\(argument)' is not gaussian:σ with 0 < σ ≤ 100, mask:p or salt-pepper:p with 0 < p < 1")
    }
    self = corruption
  }
}
