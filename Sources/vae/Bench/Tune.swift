import Arguments
import Backend
import Backends
import Benchmarking
import Datasets
import Files
import Foundation
import OpenCLBackend
import Parity
import Terminal
import VAE

struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how a GPU computes a model's matrix products fastest, and remember it.",
    discussion: """
      Every tile, with whole sums and, where that leaves multiprocessors idle, with sums in slices, is first \
      held against Double within derived bounds; one that breaks a bound is out. The fastest of the others is \
      kept for the device and its driver below $XDG_CACHE_HOME, or ~/.cache, and used from then on by every \
      command, which says so. Another driver, or other kernels, and it counts no longer.
      """)

  @Option(help: "The model and its training. (default: pytorch)")
  var preset: Preset?

  @Option(
    range: .between(1, and: 1 << 16),
    help: ArgumentHelp("Images a step. (default: the preset's)", valueName: "n"))
  var batchSize: Int?

  @OptionGroup var backend: BackendOptions

  @Option(help: "Which kernels; those for GPUs run on CPUs too.")
  var tuning: Tuning = .automatic

  @Option(range: .above(0), help: ArgumentHelp("Time for each measurement.", valueName: "s"))
  var seconds: Double = 0.2

  @Flag(help: "Forget what was measured on the device, and measure nothing.")
  var forget: Bool = false

  func run() throws {
    let console = Console(quiet: false)
    let chosen = try backend.choose(memory: nil, tuning: tuning)
    guard let device = chosen.backend as? OpenCLBackend else {
      throw ValidationError(
        "tuning is for OpenCL devices; --backend \(chosen.backend.name) has none")
    }
    console.line("backend", "opencl on \(device.device)")
    if forget {
      let path = StoredTiling.path(for: device.device)
      guard FileSystem.exists(path) else { return console.say("nothing is kept for this device") }
      try FileManager.default.removeItem(atPath: path)
      return console.say("forgot \(path)")
    }
    guard let tiling = device.gpuTiling else {
      throw ValidationError(
        "\(device.device) runs the kernels for CPUs, which have one way to divide a product")
    }
    let preset = preset ?? .pytorch
    var training = preset.training
    training.batchSize = batchSize ?? training.batchSize
    let tuner = try Tuner(preset.model, training, on: device, tiling: tiling, seconds: seconds)
    let choices = try tuner.run(console)
    var stored = StoredTiling.load(for: device).tiling ?? StoredTiling(for: device)
    stored.add(choices)
    console.say("\(try stored.save()): \(choices.count) products")
  }
}

/// Measures the ways to divide the products of a training step.
private struct Tuner {
  private let device: OpenCLBackend
  private let rule: GPUTiling
  private let seconds: Double
  private let subject: TrainingSubject
  private let products: [(product: MatrixProduct, operation: RecordedOperation)]

  init(
    _ model: ModelConfiguration, _ training: TrainingConfiguration, on device: OpenCLBackend,
    tiling: GPUTiling, seconds: Double
  ) throws {
    self.device = device
    self.seconds = seconds
    rule = GPUTiling(computeUnits: tiling.computeUnits, tiles: tiling.tiles)
    let images = Digits.dataset(seed: 1, trainCount: training.batchSize, testCount: 1).train.pixels
    subject = TrainingSubject(model: model, training: training, images: images)
    let table = try device.makePixelTable(images, columns: model.pixels)
    let benchmark = try StepBenchmark(model, training, on: device, images: table)
    var seen: Set<MatrixProduct> = []
    products = benchmark.operations.compactMap { recorded in
      guard let product = MatrixProduct(recorded.operation), seen.insert(product).inserted else {
        return nil
      }
      return (product, recorded)
    }
  }

  func run(_ console: Console) throws -> [StoredTiling.Choice] {
    // Timed first: the comparison takes the arena that the recorded operations run in.
    var timings: [[(variant: GPUVariant, seconds: Double)]] = []
    var progress = console.progress()
    for (index, (product, recorded)) in products.enumerated() {
      progress?.update(
        Progress(
          label: "measuring", completed: index, total: products.count, unit: .items("products"),
          detail: recorded.operation.description))
      timings.append(
        try rule.variants(of: product).map { variant in
          divide { _ in variant }
          return (variant, try device.time(seconds: seconds, recorded.run).median)
        })
    }
    progress?.erase()
    let unsound = try unsoundVariants(among: Set(timings.joined().map(\.variant)), console)
    return report(zip(products, timings).map { ($0, $1.filter { !unsound.contains($0.variant) }) })
  }

  private func divide(_ choice: @escaping @Sendable (MatrixProduct) -> GPUVariant?) {
    var tiling = rule
    tiling.choice = choice
    device.gpuTiling = tiling
  }

  /// Those with which an operation breaks a bound, at the model's shapes or awkward ones.
  private func unsoundVariants(among variants: Set<GPUVariant>, _ console: Console) throws
    -> Set<GPUVariant>
  {
    let operations = Set(products.map { type(of: $0.operation.operation).name })
    var unsound: Set<GPUVariant> = []
    var progress = console.progress()
    for (index, variant) in variants.sorted(by: { $0.name < $1.name }).enumerated() {
      progress?.update(
        Progress(
          label: "checking", completed: index, total: variants.count, unit: .items("variants"),
          detail: variant.name))
      divide { _ in variant }
      let report = checkBackend(device, extent: .small, subject: subject, operations: operations)
      if !report.failures.isEmpty {
        unsound.insert(variant)
        progress?.erase()
        console.note("\(variant.name) is left out: \(report.failures.count) cases break a bound")
      }
    }
    progress?.erase()
    return unsound
  }

  /// A choice other than the rule's must be faster by more than chance.
  private static let worthwhile = 0.97

  private func report(
    _ measured: [(
      (product: MatrixProduct, operation: RecordedOperation),
      [(variant: GPUVariant, seconds: Double)]
    )]
  ) -> [StoredTiling.Choice] {
    var table = Table([
      "operation": .left, "shapes": .left, "by rule": .left, "µs": .right, "fastest": .left,
      "µs ": .right,
    ])
    var choices: [StoredTiling.Choice] = []
    for ((product, recorded), timings) in measured {
      guard let best = timings.min(by: { $0.seconds < $1.seconds }) else { continue }
      let ruled = timings.first { $0.variant == rule.rule(product) }
      let kept = ruled.map { best.seconds < Self.worthwhile * $0.seconds ? best : $0 } ?? best
      choices.append(StoredTiling.Choice(product: product, variant: kept.variant))
      func time(_ seconds: Double) -> String { Format.fixed(seconds * 1e6, digits: 1) }
      table.append([
        "\(type(of: recorded.operation).name)", "\(recorded.operation.shapes)",
        "\(rule.rule(product).name)", "\(ruled.map { time($0.seconds) } ?? "unsound")",
        "\(kept.variant.name)", "\(time(kept.seconds))",
      ])
    }
    print(table.text(hasColor: Terminal.standardOutput.hasColor))
    return choices
  }
}

extension GPUVariant {
  /// As `--tile` takes it.
  fileprivate var name: String { "\(tile.rawValue)" + (slices > 1 ? "/\(slices)" : "") }
}
