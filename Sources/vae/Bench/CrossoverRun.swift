import Arguments
import Backend
import Backends
import Benchmarking
import Terminal
import VAE

/// `vae bench --crossover`: steps a second of BLAS and of an OpenCL device, batch size by batch size.
struct CrossoverRun {
  private let seconds: Double
  private let subjects: [BenchSubject]
  private let backends: [any Backend]
  private let images: [PixelTable]

  init(_ options: Bench) throws {
    seconds = options.seconds
    subjects = BenchSubject.all(
      options, batchSizes: options.batchSize?.sorted() ?? (0...12).map { 1 << $0 })
    let memory = BenchSubject.memory(for: subjects)
    let device = try options.backend.choose(memory: memory, fallback: "opencl").backend
    guard device.name == "opencl" else {
      throw ValidationError(
        "--crossover compares BLAS with an OpenCL device, which \(device.name) is not; "
          + "name one with --backend")
    }
    backends = [try chooseBackend(.blas, memory: memory).backend, device]
    let (pixels, columns) = (BenchSubject.images(for: subjects), subjects[0].model.pixels)
    images = try backends.map { try $0.makePixelTable(pixels, columns: columns) }
  }

  func run() throws -> Crossover {
    let console = Console(quiet: false)
    for backend in backends { console.line(backend.name, backend.device) }
    console.line("model", subjects[0].model.summary)
    var points: [Crossover.Point] = []
    var progress = LiveProgress()
    for (index, subject) in subjects.enumerated() {
      progress.update(subject.progress(index, of: subjects.count))
      // One after the other at each size, so that both have what the machine has to give just then.
      let timings = try zip(backends, images).map { backend, images in
        try StepBenchmark(subject.model, subject.training, on: backend, images: images)
          .measure(seconds: seconds)
      }
      points.append(
        Crossover.Point(
          batchSize: subject.training.batchSize, blas: timings[0], opencl: timings[1]))
    }
    progress.erase()
    let crossover = Crossover(
      model: subjects[0].model.summary, blas: backends[0].device, opencl: backends[1].device,
      points: points)
    let terminal = Terminal.standardOutput
    terminal.write(crossover.table.text(hasColor: terminal.hasColor))
    console.say(
      crossover.batchSize.map { "the device stays ahead of BLAS from batch size \($0) on" }
        ?? "the device is not ahead of BLAS at the largest batch size: no crossover")
    return crossover
  }
}

/// Where a device overtakes BLAS.
struct Crossover: Encodable {
  /// A step of both, at one size.
  struct Point: Encodable {
    let batchSize: Int
    let blas: Timing
    let opencl: Timing

    var isAhead: Bool { opencl.median < blas.median }
  }

  var version = programVersion
  var machine = Machine.current()
  let model: String
  let blas: String
  let opencl: String
  /// In the order of their batch sizes.
  let points: [Point]
  /// The smallest size from which on the device is ahead at every size measured; `nil` for none.
  let batchSize: Int?

  init(model: String, blas: String, opencl: String, points: [Point]) {
    self.model = model
    self.blas = blas
    self.opencl = opencl
    self.points = points
    batchSize = points.reversed().prefix(while: \.isAhead).last?.batchSize
  }

  var table: Table {
    var table = Table([
      "batch": .right, "blas steps/s": .right, "opencl steps/s": .right, "opencl/blas": .right,
    ])
    for point in points {
      table.append([
        "\(point.batchSize)", "\(Format.fixed(1 / point.blas.median, digits: 1))",
        "\(Format.fixed(1 / point.opencl.median, digits: 1))",
        "\(Format.fixed(point.blas.median / point.opencl.median, digits: 2))",
      ])
    }
    return table
  }
}
