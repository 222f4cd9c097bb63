import BLASBackend
import Backend
import Benchmarking
import Datasets
import Testing
import VAE

@Suite struct StepBenchmarkTests {
  private static let peaks = Peaks(
    operationsPerSecond: 1e9, productSize: 256, bytesPerSecond: 1e8, streamSize: 1 << 24)

  @Test func slowerOfArithmeticAndMemoryIsTheLeastTime() {
    let arithmetic = OperationCost(operations: 2_000_000, bytes: 1_000)
    let memory = OperationCost(operations: 1_000, bytes: 3_000_000)
    #expect(Self.peaks.leastSeconds(for: arithmetic) == 2e-3)
    #expect(Self.peaks.leastSeconds(for: memory) == 3e-2)
    #expect(Self.peaks.isBoundByArithmetic(arithmetic))
    #expect(!Self.peaks.isBoundByArithmetic(memory))
  }

  @Test func peaksAreThoseOfTheMachine() throws {
    let backend = BLASBackend()
    let peaks = try Peaks.measure(on: backend)
    // A processor of this century, and none of the next.
    #expect((1e9...1e16).contains(peaks.operationsPerSecond))
    #expect((1e8...1e14).contains(peaks.bytesPerSecond))
    #expect(Peaks.streamSizes.contains(peaks.streamSize))
    #expect([256, 512, 1024, 2048, 4096].contains(peaks.productSize))
  }

  @Test func streamIsTheLargestThatFits() throws {
    func room(for limit: Int, _ sizes: ClosedRange<Int>) throws -> Int {
      let result = try Peaks.halving(sizes) { size in
        guard size <= limit else {
          throw BackendError.outOfMemory(
            device: "small", purpose: "The model", requested: size, available: limit)
        }
        return size
      }
      #expect(result.size == result.value)
      return result.size
    }
    #expect(try room(for: 100, 4...64) == 64)
    #expect(try room(for: 63, 4...64) == 32)
    #expect(try room(for: 4, 4...64) == 4)
    #expect(throws: BackendError.self) { try room(for: 3, 4...64) }
    var attempts = 0
    let failure = BackendError.operationFailed(operation: "adam", device: "small", reason: "lost")
    #expect(throws: failure) {
      try Peaks.halving(4...64) { _ in
        attempts += 1
        throw failure
      }
    }
    #expect(attempts == 1, "less memory would not help")
  }

  /// 784-400-20-400-784 at 128 images: what a step consists of, and its 0.42 GFLOP.
  @Test func stepIsTheOneThatTrainingTakes() throws {
    let preset = Preset.pytorch
    let backend = BLASBackend()
    let digits = Digits.dataset(seed: 1, trainCount: 300, testCount: 1)
    let images = try backend.makePixelTable(digits.train.pixels, columns: digits.imageSize)
    let benchmark = try StepBenchmark(
      preset.model, preset.training, on: backend, images: images)
    #expect(
      benchmark.operations.map { type(of: $0.operation).name } == [
        "gather", "dense", "dense", "reparameterize", "dense", "dense",
        "reconstruction loss gradient", "kl divergence", "sum rows", "dense input gradient",
        "dense input gradient", "reparameterize gradient", "dense input gradient", "dense update",
      ])
    let weights = 784 * 400 + 400 * 40 + 20 * 400 + 400 * 784
    // Forward and by the parameters all of them, back to the input all but the first layer's.
    let products = 2 * 128 * (3 * weights - 784 * 400)
    let operations = benchmark.cost.operations
    #expect(operations > products && Double(operations) < 1.05 * Double(products))

    let timing = try benchmark.measure(seconds: 0.05)
    #expect(timing.median > 0 && timing.samples >= 5)
    let least = benchmark.leastSeconds(under: Self.peaks)
    #expect(least >= Double(operations) / 1e9)
  }

  @Test func shortLastBatchIsLeftOut() throws {
    var training = TrainingConfiguration()
    training.batchSize = 64
    let model = ModelConfiguration(encoder: [8], latent: 2, decoder: [8])
    let backend = BLASBackend(threads: 1)
    let digits = Digits.dataset(seed: 1, trainCount: 130, testCount: 1)
    let images = try backend.makePixelTable(digits.train.pixels, columns: digits.imageSize)
    let profile = Profile()
    let benchmark = try StepBenchmark(
      model, training, on: ObservedBackend(timing: backend, for: profile), images: images)
    _ = try profile.recording { try benchmark.measure(seconds: 0.001) }
    let gathered = profile.entries.filter { $0.kind.name == "gather" }
    #expect(gathered.map(\.kind.shapes) == ["64×784"])
  }

  @Test func conditionalModelsKeepTheirLabels() throws {
    var training = TrainingConfiguration()
    training.batchSize = 64
    let model = ModelConfiguration(encoder: [8], latent: 2, decoder: [8], classes: 10)
    let backend = BLASBackend(threads: 1)
    let digits = Digits.dataset(seed: 1, trainCount: 130, testCount: 1)
    let images = try backend.makePixelTable(
      digits.train.pixels, columns: digits.imageSize, labels: digits.train.labels, classes: 10)
    let benchmark = try StepBenchmark(model, training, on: backend, images: images)
    #expect(try benchmark.measure(seconds: 0.001).median > 0)
  }
}
