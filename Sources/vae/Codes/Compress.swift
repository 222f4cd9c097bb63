import Arguments
import Files
import Foundation
import LatentSpace
import Statistics
import Terminal
import VAE

extension Quantizer.Rule: ExpressibleByArgument {}

struct Compress: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compress a data set to quantized codes, or tabulate rate and distortion.",
    discussion: """
      An image becomes its posterior's mean, b bits a dimension, then zlib's deflate. `range`: cells of one \
      width, 2ᵇ over the range of the dimension that varies most. `quantiles`: 2ᵇ cells between the \
      quantiles of N(0, 1). `vae decompress` needs the same model; a conditional one's labels are in the file. Rates count pixels, all channels \
      together; distortion is that of the images in 8 bits, intensities in [0, 1].
      """)

  @OptionGroup var source: RunArgument

  @Option(help: ArgumentHelp("The compressed file to write.", valueName: "vaez"))
  var out: String?

  @Option(
    range: .between(1, and: Quantizer.maximumBits),
    help: ArgumentHelp("Bits a dimension before deflate. (default: 5)", valueName: "b"))
  var bits: Int?

  @Option(help: "Where the cells are.")
  var quantizer: Quantizer.Rule = .range

  @Flag(
    help:
      "Write nothing; print rate and distortion for 1 to 8 bits, beside PCA of as many dimensions.")
  var table: Bool = false

  @Option(help: "Which part of the data.")
  var split: SplitName = .test

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func validate() throws {
    if table, out != nil { throw ValidationError("--table writes no file; leave out --out") }
    if table, bits != nil {
      throw ValidationError("--table has all numbers of bits; leave out --bits")
    }
    if !table, out == nil { throw ValidationError("give --out FILE, or --table") }
  }

  func run() throws {
    let loaded = try LoadedRun(source.run, backend: backend)
    if table {
      try RateTable(loaded: loaded, dataset: try loaded.dataset(data), rule: quantizer).show(split)
      return
    }
    guard let out else { return }
    try FileSystem.checkWritable(out)
    let images = try loaded.images(data, split)
    let codes = try loaded.model.encode(images.table).meanMatrix
    let cells = try Quantizer(codes, rule: quantizer, bits: bits ?? 5)
    let compressed = CompressedImages(
      .init(
        program: programVersion, modelChecksum: try loaded.checksum(),
        model: loaded.model.configuration, data: images.name, count: codes.rows, quantizer: cells),
      indices: cells.indices(codes),
      labels: loaded.model.configuration.labels(of: images.split) ?? [])
    let file = try compressed.data()
    try FileSystem.write(file, to: out)
    let (coded, exact) = (
      try loaded.distortion(of: compressed.codes, from: images.split),
      try loaded.distortion(of: codes, from: images.split)
    )
    let lossless = Deflate.compress(Data(images.split.pixels)).count
    report(
      out, file.count, images, lossless: lossless, coded, exact, loaded)
  }

  private func report(
    _ out: String, _ bytes: Int, _ images: LoadedImages, lossless: Int, _ coded: Distortion,
    _ exact: Distortion, _ loaded: LoadedRun
  ) {
    let model = loaded.model.configuration
    let pixels = images.split.count * model.imageWidth * model.imageHeight
    func rate(_ bytes: Int) -> String {
      "\(Format.bytes(bytes)), \(Format.fixed(8 * Double(bytes) / Double(pixels), digits: 4)) bits a pixel"
    }
    print(
      """
      \(out): \(Format.count(images.split.count)) images of \(images.name), \(split.rawValue), as \
      \(model.latent) numbers of \(bits ?? 5) bits

      file         \(rate(bytes)), header included
      images       \(rate(images.split.pixels.count)); deflated without loss \(rate(lossless))
      distortion   \(coded.text); of codes not quantized \(exact.text)
      needs        \(loaded.saved.path), \(Format.bytes(model.parameterCount * 4)) of parameters
      backend      \(loaded.chosen.summary)
      next         vae decompress \(shellQuoted(out)) --run \(shellQuoted(source.run)) --out images.npy
      """)
  }
}

extension Distortion {
  /// `0.00912`
  var errorText: String { Format.fixed(meanSquaredError, digits: 5) }

  /// `20.40 dB`; ∞ where nothing differs.
  var ratioText: String {
    peakSignalToNoise.isFinite ? Format.fixed(peakSignalToNoise, digits: 2) + " dB" : "∞"
  }

  /// The two as cells of a table.
  var cells: [Table.Cell] { [Table.Cell(errorText), Table.Cell(ratioText)] }

  /// `MSE 0.00912, PSNR 20.40 dB`
  var text: String { "MSE \(errorText), PSNR \(ratioText)" }
}
