import Backend
import Benchmarking
import Terminal
import VAE

/// What `vae bench --json` writes of one operation or training step.
struct BenchRecord: Encodable {
  let name: String
  let shapes: String
  /// How many there are in a step.
  var calls = 1
  var batchSize: Int?
  let seconds: Timing
  let floatingPointOperations: Int
  let bytes: Int
  /// The least time by the peaks, over the median.
  let shareOfPeak: Double

  /// An operation by itself.
  init(_ operation: any Operation, calls: Int = 1, _ timing: Timing, under peaks: Peaks) {
    name = type(of: operation).name
    shapes = operation.shapes
    self.calls = calls
    seconds = timing
    floatingPointOperations = operation.cost.operations
    bytes = operation.cost.bytes
    shareOfPeak = peaks.leastSeconds(for: operation.cost) / timing.median
  }

  /// A training step of `subject`.
  init(_ benchmark: StepBenchmark, of subject: BenchSubject, _ timing: Timing, under peaks: Peaks) {
    name = "training step"
    shapes = "\(subject.model.summary), batch \(subject.training.batchSize)"
    batchSize = subject.training.batchSize
    seconds = timing
    floatingPointOperations = benchmark.cost.operations
    bytes = benchmark.cost.bytes
    shareOfPeak = benchmark.leastSeconds(under: peaks) / timing.median
  }

  var cost: OperationCost { OperationCost(operations: floatingPointOperations, bytes: bytes) }
}

/// All that `vae bench` measured on one backend.
struct BenchReport: Encodable {
  var version = programVersion
  var machine = Machine.current()
  let backend: String
  let device: String
  let peaks: Peaks
  var results: [BenchRecord] = []

  init(on backend: any Backend) throws {
    self.backend = backend.name
    device = backend.device
    peaks = try Peaks.measure(on: backend)
  }
}

/// A table of records.
struct BenchTable {
  private let peaks: Peaks
  private let terminal = Terminal.standardOutput
  private var table = Table([
    "operation": .left, "calls": .right, "median µs": .right, "quartiles": .right,
    "rate": .right, "of peak": .right, "shapes": .left,
  ])

  init(_ peaks: Peaks) { self.peaks = peaks }

  mutating func append(_ record: BenchRecord) {
    let time = record.seconds
    table.append([
      "\(record.name)", "\(record.calls)", "\(microseconds(time.median))",
      "\(microseconds(time.lowerQuartile)) – \(microseconds(time.upperQuartile))",
      "\(peaks.rate(of: record.cost, in: time.median))", "\(percent(record.shareOfPeak))",
      "\(record.shapes)",
    ])
  }

  func print() { terminal.write(table.text(hasColor: terminal.hasColor)) }
}

/// `3472.1`, `0.62`
func microseconds(_ seconds: Double) -> String {
  Format.fixed(seconds * 1e6, digits: seconds < 1e-5 ? 2 : 1)
}

/// `74 %`
func percent(_ share: Double) -> String {
  Format.percent(share, digits: share < 0.1 ? 1 : 0)
}

extension Peaks {
  /// `180.2 GFLOP/s`, or `13.1 GB/s` where memory is what bounds `cost`.
  func rate(of cost: OperationCost, in seconds: Double) -> String {
    isBoundByArithmetic(cost)
      ? "\(Format.fixed(Double(cost.operations) / seconds * 1e-9, digits: 1)) GFLOP/s"
      : "\(Format.fixed(Double(cost.bytes) / seconds * 1e-9, digits: 1)) GB/s"
  }

  /// What they are, and by what they were measured.
  var summary: String {
    "\(Format.fixed(operationsPerSecond * 1e-9, digits: 1)) GFLOP/s (dense \(productSize)×\(productSize) · "
      + "\(productSize)×\(productSize)), \(Format.fixed(bytesPerSecond * 1e-9, digits: 1)) GB/s (adam "
      + "\(Format.count(streamSize)))"
  }
}
