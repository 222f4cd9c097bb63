import Backend

/// What a backend reaches where nothing is in its way, measured with its own operations: the roof under
/// which an operation's time is judged (Williams, Waterman and Patterson 2009).
public struct Peaks: Codable, Hashable, Sendable {
  /// Floating-point operations a second, in the fastest square product.
  public let operationsPerSecond: Double
  /// That product's rows, columns and inner size.
  public let productSize: Int
  /// Bytes a second, in Adam's step over `streamSize` parameters.
  public let bytesPerSecond: Double
  /// A power of two within `streamSizes`.
  public let streamSize: Int
  /// Where memory allows, so many that no cache holds a part worth mentioning: 256 MB in single precision.
  /// With the fewest, 16 MB, a large cache may answer for the memory.
  public static let streamSizes = 1 << 20...1 << 24

  /// Known peaks.
  public init(
    operationsPerSecond: Double, productSize: Int, bytesPerSecond: Double, streamSize: Int
  ) {
    self.operationsPerSecond = operationsPerSecond
    self.productSize = productSize
    self.bytesPerSecond = bytesPerSecond
    self.streamSize = streamSize
  }

  /// The least time for `cost`: that of its arithmetic or that of its memory, whichever is longer.
  ///
  /// What stays in a cache between two operations can be faster.
  public func leastSeconds(for cost: OperationCost) -> Double {
    max(
      Double(cost.operations) / operationsPerSecond, Double(cost.bytes) / bytesPerSecond)
  }

  /// Whether arithmetic, rather than memory, bounds `cost`.
  public func isBoundByArithmetic(_ cost: OperationCost) -> Bool {
    Double(cost.operations) / operationsPerSecond > Double(cost.bytes) / bytesPerSecond
  }
}

extension Peaks {
  /// Measures both for about a second on `backend`, whose arena it takes over and gives back empty. Where
  /// memory is short, with what fits.
  ///
  /// - Throws: `BackendError`: `.outOfMemory` where the least of `streamSizes` does not fit either.
  public static func measure(on backend: any Backend) throws -> Peaks {
    var best = (rate: 0.0, size: 0)
    // From what suits the slowest backend to what keeps the largest device busy.
    for size in [256, 512, 1024, 2048, 4096] {
      do {
        let (seconds, cost) = try productTime(size, on: backend)
        let rate = Double(cost.operations) / seconds
        if rate > best.rate { best = (rate, size) }
        if seconds > 0.02 { break }
      } catch BackendError.outOfMemory where best.rate > 0 {
        break
      }
    }
    let stream = try halving(streamSizes) { try streamTime($0, on: backend) }
    try backend.allocate(elements: 0)
    return Peaks(
      operationsPerSecond: best.rate, productSize: best.size,
      bytesPerSecond: Double(stream.value.cost.bytes) / stream.value.seconds,
      streamSize: stream.size)
  }

  /// What `attempt` gives for the largest of `sizes` with enough memory: the upper bound or what is left
  /// of it after halvings.
  ///
  /// - Throws: what `attempt` does, out of memory only at the last size.
  package static func halving<Value>(
    _ sizes: ClosedRange<Int>, _ attempt: (_ size: Int) throws -> Value
  ) throws -> (size: Int, value: Value) {
    var size = sizes.upperBound
    while true {
      do {
        return (size, try attempt(size))
      } catch BackendError.outOfMemory where size / 2 >= sizes.lowerBound {
        size /= 2
      }
    }
  }

  private static let budget = 0.1

  private static func productTime(_ size: Int, on backend: any Backend) throws
    -> (seconds: Double, cost: OperationCost)
  {
    var plan = ArenaPlan()
    let matrices = (0..<3).map { _ in plan.tensor(rows: size, columns: size) }
    let product = Dense(
      input: matrices[0], weights: matrices[1], bias: plan.tensor(rows: 1, columns: size),
      activation: .identity, output: matrices[2])
    try backend.allocate(elements: plan.elements)
    for (step, matrix) in matrices.prefix(2).enumerated() {
      backend.fill(matrix, step: step)
    }
    let timing = try backend.time(seconds: budget) { $0.run(product) }
    return (timing.fastest, product.cost)
  }

  private static func streamTime(_ size: Int, on backend: any Backend) throws
    -> (seconds: Double, cost: OperationCost)
  {
    var plan = ArenaPlan()
    let arrays = (0..<4).map { _ in plan.tensor(rows: 1, columns: size) }
    let update = AdamUpdate(
      parameters: arrays[0], gradients: arrays[1], firstMoment: arrays[2],
      secondMoment: arrays[3], beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    try backend.allocate(elements: plan.elements)
    // What was never written may share one page of zeros.
    backend.fill(update.gradients, step: 0)
    let rate = update.rate(learningRate: 1e-3, step: 1)
    let timing = try backend.time(seconds: budget) { $0.run(update, rate: rate) }
    return (timing.fastest, update.cost)
  }
}

extension Backend {
  /// How long one of many operations enqueued one behind the other takes.
  package func time(seconds budget: Double, _ enqueue: (any Backend) -> Void) throws -> Timing {
    try Timing.measure(seconds: budget) { repetitions in
      for _ in 0..<repetitions { enqueue(self) }
      try synchronize()
    }
  }

  /// Numbers of ordinary size.
  package func fill(_ tensor: Tensor, step: Int) {
    run(
      RandomFill(distribution: .uniform, output: tensor),
      noise: Noise(seed: 1, stream: .corruption, step: UInt64(step)))
  }
}
