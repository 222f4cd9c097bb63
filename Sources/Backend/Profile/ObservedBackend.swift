/// A backend that shows every operation to an observer, which runs it or keeps it for later.
package final class ObservedBackend: Backend {
  /// Told an operation, and how to run it.
  package typealias Observer = (any Operation, _ run: @escaping (any Backend) -> Void) -> Void

  private let backend: any Backend
  private let observe: Observer

  /// Shows `backend`'s operations to `observe`.
  package init(_ backend: any Backend, observe: @escaping Observer) {
    self.backend = backend
    self.observe = observe
  }

  /// A backend whose operations are done when their call returns, each call timed for `profile`.
  package convenience init(timing backend: any Backend, for profile: Profile) {
    let origin = ContinuousClock.now
    func now() -> UInt64 { UInt64((ContinuousClock.now - origin) / .nanoseconds(1)) }
    self.init(backend) { operation, run in
      guard profile.isRecording else { return run(backend) }
      let entry = profile.entry(of: operation)
      let start = now()
      run(backend)
      profile.add(entry, start: start, end: now())
    }
  }

  package var name: String { backend.name }
  package var device: String { backend.device }

  package func allocate(elements: Int) throws { try backend.allocate(elements: elements) }

  package func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
    backend.upload(values, to: tensor)
  }

  package func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws {
    try backend.download(tensor, into: values)
  }

  package func synchronize() throws { try backend.synchronize() }

  package func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws
    -> PixelTable
  {
    try backend.makePixelTable(pixels, columns: columns)
  }

  package func makeIndexTable(count: Int) throws -> IndexTable {
    try backend.makeIndexTable(count: count)
  }

  package func upload(_ indices: [UInt32], to table: IndexTable) {
    backend.upload(indices, to: table)
  }

  package func run(_ operation: Gather, start: Int) {
    observe(operation) { $0.run(operation, start: start) }
  }

  package func run(_ operation: Binarize, start: Int, noise: Noise) {
    observe(operation) { $0.run(operation, start: start, noise: noise) }
  }

  package func run(_ operation: CopyColumns) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: Dense) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: DenseInputGradient) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: DenseParameterGradient) {
    observe(operation) { $0.run(operation) }
  }

  package func run(_ operation: Activate) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: Reparameterize, noise: Noise?) {
    observe(operation) { $0.run(operation, noise: noise) }
  }

  package func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float) {
    observe(operation) { $0.run(operation, noise: noise, klWeight: klWeight) }
  }

  package func run(_ operation: KLDivergence) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: SampledDivergence, noise: Noise) {
    observe(operation) { $0.run(operation, noise: noise) }
  }

  package func run(_ operation: SampledDivergenceGradient, noise: Noise) {
    observe(operation) { $0.run(operation, noise: noise) }
  }

  package func run(_ operation: ImportanceWeights) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: LatentDivergence) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: FreeBitsGradient, klWeight: Float) {
    observe(operation) { $0.run(operation, klWeight: klWeight) }
  }

  package func run(_ operation: ReconstructionLoss) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: ReconstructionLossGradient) {
    observe(operation) { $0.run(operation) }
  }

  package func run(_ operation: VarianceGradient) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: SumRows, output: Tensor) {
    observe(operation) { $0.run(operation, output: output) }
  }

  package func run(_ operation: SumSquares) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: ClipByNorm, squaredNorm: Tensor) {
    observe(operation) { $0.run(operation, squaredNorm: squaredNorm) }
  }

  package func run(_ operation: RepeatRows) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: SumRowGroups) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: ScaleRows) { observe(operation) { $0.run(operation) } }

  package func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) {
    observe(operation) { $0.run(operation, rate: rate) }
  }

  package func run(_ operation: DenseUpdate, rate: AdamUpdate.Rate) {
    observe(operation) { $0.run(operation, rate: rate) }
  }

  package func run(_ operation: MomentumUpdate, learningRate: Float) {
    observe(operation) { $0.run(operation, learningRate: learningRate) }
  }

  package func run(_ operation: Corrupt, start: Int, noise: Noise) {
    observe(operation) { $0.run(operation, start: start, noise: noise) }
  }

  package func run(_ operation: RandomFill, noise: Noise) {
    observe(operation) { $0.run(operation, noise: noise) }
  }
}
