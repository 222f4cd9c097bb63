import Backend

/// A backend whose every operation is held, as it runs, against what `Double` makes of the very inputs
/// that it had.
///
/// The bounds are therefore those of one operation, as tight in the middle of a training step as in a
/// case of the catalogue, and the first that is broken names the operation at fault.
final class CheckedBackend: Backend {
  /// An output of an operation, and how far it was off.
  struct Record {
    let operation: String
    let tensor: Tensor
    let result: OutputResult
    let failures: [Failure]
  }

  /// What to call the tensors that operations write; others go by the operation's name.
  var names: [Tensor: String] = [:]

  private let backend: any Backend
  /// Holds what the backend's arena holds, and has bounds for what an operation makes of it.
  private let shadow = BoundedBackend()
  private var pixelTables: [Int: PixelTable] = [:]
  private var indexTables: [Int: IndexTable] = [:]
  private var firstError: (any Error)?

  /// Every output since the last look.
  private(set) var records: [Record] = []

  init(_ backend: any Backend) { self.backend = backend }

  var name: String { backend.name }
  var device: String { backend.device }

  /// The records so far, which are then forgotten.
  func takeRecords() -> [Record] {
    defer { records = [] }
    return records
  }

  func allocate(elements: Int) throws {
    try backend.allocate(elements: elements)
    try shadow.allocate(elements: elements)
  }

  func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
    backend.upload(values, to: tensor)
    shadow.upload(values, to: tensor)
  }

  func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws {
    try synchronize()
    try backend.download(tensor, into: values)
  }

  func synchronize() throws {
    if let error = firstError {
      firstError = nil
      throw error
    }
    try backend.synchronize()
  }

  func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws -> PixelTable {
    let table = try backend.makePixelTable(pixels, columns: columns)
    pixelTables[table.identifier] = try shadow.makePixelTable(pixels, columns: columns)
    return table
  }

  func makeIndexTable(count: Int) throws -> IndexTable {
    let table = try backend.makeIndexTable(count: count)
    indexTables[table.identifier] = try shadow.makeIndexTable(count: count)
    return table
  }

  func upload(_ indices: [UInt32], to table: IndexTable) {
    backend.upload(indices, to: table)
    if let table = indexTables[table.identifier] { shadow.upload(indices, to: table) }
  }

  func run(_ operation: Gather, start: Int) {
    guard let pixels = pixelTables[operation.pixels.identifier] else { return }
    let order = operation.order.flatMap { indexTables[$0.identifier] }
    backend.run(operation, start: start)
    shadow.run(Gather(pixels: pixels, order: order, output: operation.output), start: start)
    compare(operation, [operation.output])
  }

  func run(_ operation: Binarize, start: Int, noise: Noise) {
    let order = operation.order.flatMap { indexTables[$0.identifier] }
    backend.run(operation, start: start, noise: noise)
    shadow.run(Binarize(images: operation.images, order: order), start: start, noise: noise)
    compare(operation, [operation.images])
  }

  func run(_ operation: CopyColumns) { check(operation, [operation.output]) { $0.run(operation) } }

  func run(_ operation: Dense) { check(operation, [operation.output]) { $0.run(operation) } }

  func run(_ operation: DenseInputGradient) {
    check(operation, [operation.inputGradient]) { $0.run(operation) }
  }

  func run(_ operation: DenseParameterGradient) {
    check(operation, [operation.weightGradient, operation.biasGradient]) { $0.run(operation) }
  }

  func run(_ operation: Activate) { check(operation, [operation.output]) { $0.run(operation) } }

  func run(_ operation: Reparameterize, noise: Noise?) {
    check(operation, [operation.code]) { $0.run(operation, noise: noise) }
  }

  func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float) {
    check(operation, [operation.headGradient]) {
      $0.run(operation, noise: noise, klWeight: klWeight)
    }
  }

  func run(_ operation: KLDivergence) {
    check(operation, [operation.divergence]) { $0.run(operation) }
  }

  func run(_ operation: SampledDivergence, noise: Noise) {
    check(operation, [operation.divergence]) { $0.run(operation, noise: noise) }
  }

  func run(_ operation: SampledDivergenceGradient, noise: Noise) {
    check(operation, [operation.headGradient]) { $0.run(operation, noise: noise) }
  }

  func run(_ operation: ImportanceWeights) {
    check(operation, [operation.weights, operation.losses]) { $0.run(operation) }
  }

  func run(_ operation: LatentDivergence) {
    check(operation, [operation.divergence]) { $0.run(operation) }
  }

  func run(_ operation: FreeBitsGradient, klWeight: Float) {
    check(operation, [operation.headGradient]) { $0.run(operation, klWeight: klWeight) }
  }

  func run(_ operation: ReconstructionLoss) {
    check(operation, [operation.loss]) { $0.run(operation) }
  }

  func run(_ operation: ReconstructionLossGradient) {
    check(operation, [operation.loss.loss, operation.gradient]) { $0.run(operation) }
  }

  func run(_ operation: VarianceGradient) {
    check(operation, [operation.gradient]) { $0.run(operation) }
  }

  func run(_ operation: SumRows, output: Tensor) {
    check(operation, [output]) { $0.run(operation, output: output) }
  }

  func run(_ operation: SumSquares) { check(operation, [operation.sums]) { $0.run(operation) } }

  func run(_ operation: ClipByNorm, squaredNorm: Tensor) {
    check(operation, [operation.tensor]) { $0.run(operation, squaredNorm: squaredNorm) }
  }

  func run(_ operation: RepeatRows) { check(operation, [operation.output]) { $0.run(operation) } }

  func run(_ operation: SumRowGroups) { check(operation, [operation.output]) { $0.run(operation) } }

  func run(_ operation: ScaleRows) { check(operation, [operation.output]) { $0.run(operation) } }

  func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) {
    check(operation, [operation.firstMoment, operation.secondMoment, operation.parameters]) {
      $0.run(operation, rate: rate)
    }
  }

  func run(_ operation: DenseUpdate, rate: AdamUpdate.Rate) {
    check(operation, operation.results) { $0.run(operation, rate: rate) }
  }

  func run(_ operation: MomentumUpdate, learningRate: Float) {
    check(operation, [operation.velocity, operation.parameters]) {
      $0.run(operation, learningRate: learningRate)
    }
  }

  func run(_ operation: Corrupt, start: Int, noise: Noise) {
    let order = operation.order.flatMap { indexTables[$0.identifier] }
    backend.run(operation, start: start, noise: noise)
    shadow.run(
      Corrupt(
        corruption: operation.corruption, order: order, input: operation.input,
        output: operation.output), start: start, noise: noise)
    compare(operation, [operation.output])
  }

  func run(_ operation: RandomFill, noise: Noise) {
    check(operation, [operation.output]) { $0.run(operation, noise: noise) }
  }

  private func check(
    _ operation: some Operation, _ outputs: [Tensor], _ run: (any Backend) -> Void
  ) {
    run(backend)
    run(shadow)
    compare(operation, outputs)
  }

  /// Holds the backend's outputs against the shadow's, which then takes the backend's over.
  private func compare(_ operation: some Operation, _ outputs: [Tensor]) {
    for tensor in outputs {
      do {
        let values = try backend.download(tensor)
        let bounds = OutputBounds(shadow[tensor])
        let comparison = OutputComparison(
          name: names[tensor] ?? type(of: operation).name, rows: tensor.rows,
          columns: tensor.columns,
          values: values, reference: bounds.elements.map(\.value), bounds: bounds)
        records.append(
          Record(
            operation: type(of: operation).name, tensor: tensor,
            result: comparison.result, failures: comparison.failures))
        shadow.upload(values, to: tensor)
      } catch {
        firstError = firstError ?? error
      }
    }
  }
}
