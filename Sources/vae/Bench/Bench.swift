import Arguments
import Backend
import Backends
import Benchmarking
import Datasets
import Files
import Terminal
import VAE

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure operations and training steps.",
    discussion: """
      Without lists: one training step, and each of its operations by itself. With a list of batch \
      sizes, widths or latent dimensions: a step for every combination. --matmul measures matrix \
      products instead, --crossover the batch size from which an OpenCL device is faster than BLAS.

      Times are medians of samples after a warm-up, with quartiles. "of peak" is the least time that the \
      backend could need, by its peaks measured at the start, as a share of the median: the arithmetic at \
      the rate of a large product, or the memory at that of Adam on 256 MB (less where they do not fit), \
      whichever takes longer. What stays in a cache can pass 100 %.
      """)

  @OptionGroup var backend: BackendOptions

  @OptionGroup var tiles: TileOptions

  @Option(help: "The model and its training. (default: pytorch)")
  var preset: Preset?

  @Option(
    range: .each(.between(1, and: 1 << 16)),
    help: ArgumentHelp(
      "Images a step. (default: the preset's; of --crossover 1,2,4…4096)", valueName: "n,n…"))
  var batchSize: [Int]?

  @Option(
    range: .each(.between(1, and: 1 << 16)),
    help: ArgumentHelp(
      "Widths of one hidden layer in the encoder and one in the decoder. (default: the preset's)",
      valueName: "n,n…"))
  var hidden: [Int]?

  @Option(
    range: .each(.between(1, and: 1 << 14)),
    help: ArgumentHelp("Latent dimensions. (default: the preset's)", valueName: "n,n…"))
  var latent: [Int]?

  @Option(
    help: ArgumentHelp(
      "Products of M×K by K×N: a dense layer forward, and both its gradients.",
      valueName: "MxKxN,…"))
  var matmul: [ProductShape]?

  @Flag(help: "Compare BLAS and an OpenCL device, batch size by batch size.")
  var crossover: Bool = false

  @Option(range: .above(0), help: ArgumentHelp("Time for each measurement.", valueName: "s"))
  var seconds: Double = 0.5

  @Option(help: ArgumentHelp("Write everything measured, as JSON.", valueName: "file"))
  var json: String?

  func validate() throws {
    if matmul != nil,
      let option = firstGiven(
        of: "--preset", "--batch-size", "--hidden", "--latent", "--crossover")
    {
      throw ValidationError("\(option) has no meaning for the products of --matmul; leave out one")
    }
    for (option, list) in [("--hidden", hidden), ("--latent", latent)]
    where crossover && (list?.count ?? 1) > 1 {
      throw ValidationError("--crossover takes one \(option), and any number of --batch-size")
    }
  }

  func run() throws {
    // Told before the minutes that it would keep the figures of.
    if let json { try FileSystem.checkWritable(json) }
    let result: any Encodable
    if let matmul {
      result = try ProductRun(self, shapes: matmul).run()
    } else if crossover {
      result = try CrossoverRun(self).run()
    } else {
      result = try StepBenchRun(self).run()
    }
    if let json { try FileSystem.write(try JSON.encode(result, pretty: true), to: json) }
  }
}

/// The extents of a product of M×K by K×N: `128x784x400`.
struct ProductShape: ExpressibleByArgument {
  let rows: Int
  let inner: Int
  let columns: Int

  init(argument: String) throws {
    let extents = argument.split(separator: "x", omittingEmptySubsequences: false)
      .map { Int($0) ?? 0 }
    guard extents.count == 3, extents.allSatisfy({ (1...1 << 20).contains($0) }) else {
      throw InvalidValue("'\(argument)' is not MxKxN, as in 128x784x400")
    }
    (rows, inner, columns) = (extents[0], extents[1], extents[2])
  }
}

/// A model to be trained, as the options of `vae bench` describe it.
struct BenchSubject {
  let model: ModelConfiguration
  let training: TrainingConfiguration

  /// Every combination of the options' lists.
  static func all(_ options: Bench, batchSizes: [Int]?) -> [BenchSubject] {
    let preset = options.preset ?? .pytorch
    return (options.hidden.map { $0.map(Optional.some) } ?? [nil]).flatMap { hidden in
      (options.latent ?? [preset.model.latent]).flatMap { latent in
        (batchSizes ?? [preset.training.batchSize]).map { batchSize in
          var (model, training) = (preset.model, preset.training)
          if let hidden { (model.encoder, model.decoder) = ([hidden], [hidden]) }
          model.latent = latent
          training.batchSize = batchSize
          return BenchSubject(model: model, training: training)
        }
      }
    }
  }

  /// Measured after `completed` others.
  func progress(_ completed: Int, of total: Int) -> Progress {
    Progress(
      label: "measuring", completed: completed, total: total, unit: .items("models"),
      detail: "\(model.summary), batch \(training.batchSize)")
  }

  /// The largest arena of `subjects`, and the images that all of them share.
  static func memory(for subjects: [BenchSubject]) -> MemoryDemand {
    let arenas = subjects.map { subject in
      let (model, training) = (subject.model, subject.training)
      let capacity = Trainer.capacity(for: model, training, images: training.batchSize)
      return GraphPlan(model, capacity: capacity, optimizer: training.optimizer).elements
    }
    let pixels = imageCount(for: subjects) * (subjects.first?.model.pixels ?? 0)
    return MemoryDemand(arena: arenas.max() ?? 0, tables: [pixels])
  }

  /// Built-in digits for several steps of the largest of `subjects`.
  static func images(for subjects: [BenchSubject]) -> [UInt8] {
    Digits.dataset(seed: 1, trainCount: imageCount(for: subjects), testCount: 1).train.pixels
  }

  private static func imageCount(for subjects: [BenchSubject]) -> Int {
    max(4 * (subjects.map(\.training.batchSize).max() ?? 1), 8192)
  }
}
