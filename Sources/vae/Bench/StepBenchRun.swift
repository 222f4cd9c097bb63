import Backend
import Backends
import Benchmarking
import Terminal
import VAE

/// `vae bench`: training steps on one backend; of a single model also the step's operations.
struct StepBenchRun {
  private let seconds: Double
  private let subjects: [BenchSubject]
  private let backend: any Backend
  private let images: PixelTable

  init(_ options: Bench) throws {
    seconds = options.seconds
    subjects = BenchSubject.all(options, batchSizes: options.batchSize)
    let chosen = try options.backend.choose(memory: BenchSubject.memory(for: subjects))
    backend = chosen.backend
    try options.tiles.apply(to: backend)
    Console(quiet: false).line("backend", chosen.summary)
    images = try backend.makePixelTable(
      BenchSubject.images(for: subjects), columns: subjects[0].model.pixels)
  }

  func run() throws -> BenchReport {
    var report = try BenchReport(on: backend)
    Console(quiet: false).line("peak", report.peaks.summary)
    var table = BenchTable(report.peaks)
    var progress = LiveProgress()
    for (index, subject) in subjects.enumerated() {
      progress.update(subject.progress(index, of: subjects.count))
      let benchmark = try StepBenchmark(
        subject.model, subject.training, on: backend, images: images)
      let step = BenchRecord(
        benchmark, of: subject, try benchmark.measure(seconds: seconds), under: report.peaks)
      let records =
        (subjects.count == 1 ? try operations(of: benchmark, under: report.peaks) : []) + [step]
      report.results += records
      for record in records { table.append(record) }
    }
    progress.erase()
    table.print()
    return report
  }

  /// Each kind of operation by itself, in the step's order.
  private func operations(of benchmark: StepBenchmark, under peaks: Peaks) throws -> [BenchRecord] {
    var calls: [String: Int] = [:]
    for recorded in benchmark.operations { calls[recorded.operation.description, default: 0] += 1 }
    return try benchmark.operations.compactMap { recorded in
      guard let count = calls.removeValue(forKey: recorded.operation.description) else {
        return nil
      }
      let timing = try backend.time(seconds: seconds, recorded.run)
      return BenchRecord(recorded.operation, calls: count, timing, under: peaks)
    }
  }
}
