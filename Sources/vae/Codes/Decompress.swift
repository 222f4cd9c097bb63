import Arguments
import Datasets
import Files
import LatentSpace
import Terminal
import VAE

/// The run that a file was made with.
struct RunOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The run folder or .safetensors file that it was made with.", valueName: "run"))
  var run: String
}

struct Decompress: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make images of a file that `vae compress` wrote.",
    discussion: """
      uint8, N × height × width, and × 3 for colour; as an IDX file where its name ends in -ubyte, else as \
      a NumPy array. The model must be the one that compressed them, bit for bit. Backends may differ by \
      one level of 255 in a pixel.
      """)

  @Argument(help: ArgumentHelp("The compressed file.", valueName: "vaez"))
  var file: String

  @OptionGroup var source: RunOption

  @Option(
    range: .ending(in: ".npy", "-ubyte"),
    help: ArgumentHelp("The array or IDX file to write.", valueName: "file"))
  var out: String

  @OptionGroup var backend: BackendOptions

  func run() throws {
    let content = try FileSystem.read(file)
    let loaded = try LoadedRun(source.run, backend: backend)
    let model = loaded.model.configuration
    let compressed = try CompressedImages(
      content, path: file, model: model, modelChecksum: try loaded.checksum())
    if isIDX, model.channels != 1 {
      throw ValidationError("an IDX file is grey and the images are not; give --out a name in .npy")
    }
    let pictures = Pictures(model: loaded.model)
    // Intensities take four times the room of pixels, and codes in Double more.
    let images = try loaded.model.batches(of: compressed.header.count).flatMap { batch in
      let labels =
        compressed.header.hasLabels ? compressed.labels[batch].map { Int($0) } : nil
      return pictures.tiles(
        try loaded.model.decode(compressed.codes(batch).singles, labels: labels)
      ).flatMap(\.pixels)
    }
    let shape = [compressed.header.count, model.imageHeight, model.imageWidth]
    if isIDX {
      try FileSystem.write(IDX.encode(.images, IDX.Array(shape: shape, bytes: images)), to: out)
    } else {
      try NumPyArray(
        shape: shape + (model.channels == 1 ? [] : [model.channels]), elements: .uint8(images)
      ).write(to: out)
    }
    print(
      "\(out): \(Format.count(compressed.header.count)) images of \(compressed.header.data), "
        + loaded.chosen.summary)
  }

  private var isIDX: Bool { out.hasSuffix("-ubyte") }
}
