import Backend
import ReferenceBackend

/// One call of an operation, so that a fault can look at it, change it or leave it out.
enum Call {
  case gather(Gather, start: Int)
  case binarize(Binarize, start: Int, Noise)
  case copyColumns(CopyColumns)
  case dense(Dense)
  case denseInputGradient(DenseInputGradient)
  case denseParameterGradient(DenseParameterGradient)
  case activate(Activate)
  case reparameterize(Reparameterize, Noise?)
  case reparameterizeGradient(ReparameterizeGradient, Noise?, klWeight: Float)
  case klDivergence(KLDivergence)
  case sampledDivergence(SampledDivergence, Noise)
  case sampledDivergenceGradient(SampledDivergenceGradient, Noise)
  case importanceWeights(ImportanceWeights)
  case repeatRows(RepeatRows)
  case sumRowGroups(SumRowGroups)
  case scaleRows(ScaleRows)
  case latentDivergence(LatentDivergence)
  case freeBitsGradient(FreeBitsGradient, klWeight: Float)
  case varianceGradient(VarianceGradient)
  case reconstructionLoss(ReconstructionLoss)
  case reconstructionLossGradient(ReconstructionLossGradient)
  case sumRows(SumRows, output: Tensor)
  case sumSquares(SumSquares)
  case clip(ClipByNorm, squaredNorm: Tensor)
  case adam(AdamUpdate, AdamUpdate.Rate)
  case denseUpdate(DenseUpdate, AdamUpdate.Rate)
  case momentum(MomentumUpdate, learningRate: Float)
  case randomFill(RandomFill, Noise)
  case corrupt(Corrupt, start: Int, Noise)

  /// The operation's name and the tensors it writes.
  var results: (operation: String, outputs: [Tensor]) {
    switch self {
    case .gather(let operation, _): (Gather.name, [operation.output])
    case .binarize(let operation, _, _): (Binarize.name, [operation.images])
    case .copyColumns(let operation): (CopyColumns.name, [operation.output])
    case .dense(let operation): (Dense.name, [operation.output])
    case .denseInputGradient(let operation): (DenseInputGradient.name, [operation.inputGradient])
    case .denseParameterGradient(let operation):
      (DenseParameterGradient.name, [operation.weightGradient, operation.biasGradient])
    case .activate(let operation): (Activate.name, [operation.output])
    case .reparameterize(let operation, _): (Reparameterize.name, [operation.code])
    case .reparameterizeGradient(let operation, _, _):
      (ReparameterizeGradient.name, [operation.headGradient])
    case .klDivergence(let operation): (KLDivergence.name, [operation.divergence])
    case .sampledDivergence(let operation, _): (SampledDivergence.name, [operation.divergence])
    case .sampledDivergenceGradient(let operation, _):
      (SampledDivergenceGradient.name, [operation.headGradient])
    case .importanceWeights(let operation):
      (ImportanceWeights.name, [operation.weights, operation.losses])
    case .repeatRows(let operation): (RepeatRows.name, [operation.output])
    case .sumRowGroups(let operation): (SumRowGroups.name, [operation.output])
    case .scaleRows(let operation): (ScaleRows.name, [operation.output])
    case .latentDivergence(let operation): (LatentDivergence.name, [operation.divergence])
    case .freeBitsGradient(let operation, _): (FreeBitsGradient.name, [operation.headGradient])
    case .varianceGradient(let operation): (VarianceGradient.name, [operation.gradient])
    case .reconstructionLoss(let operation): (ReconstructionLoss.name, [operation.loss])
    case .reconstructionLossGradient(let operation):
      (ReconstructionLossGradient.name, [operation.loss.loss, operation.gradient])
    case .sumRows(_, let output): (SumRows.name, [output])
    case .sumSquares(let operation): (SumSquares.name, [operation.sums])
    case .clip(let operation, _): (ClipByNorm.name, [operation.tensor])
    case .adam(let operation, _):
      (AdamUpdate.name, [operation.parameters, operation.firstMoment, operation.secondMoment])
    case .denseUpdate(let operation, _):
      (DenseUpdate.name, operation.results)
    case .momentum(let operation, _):
      (MomentumUpdate.name, [operation.parameters, operation.velocity])
    case .randomFill(let operation, _): (RandomFill.name, [operation.output])
    case .corrupt(let operation, _, _): (Corrupt.name, [operation.output])
    }
  }

  func perform(on backend: ReferenceBackend) {
    switch self {
    case .gather(let operation, let start): backend.run(operation, start: start)
    case .binarize(let operation, let start, let noise):
      backend.run(operation, start: start, noise: noise)
    case .copyColumns(let operation): backend.run(operation)
    case .dense(let operation): backend.run(operation)
    case .denseInputGradient(let operation): backend.run(operation)
    case .denseParameterGradient(let operation): backend.run(operation)
    case .activate(let operation): backend.run(operation)
    case .reparameterize(let operation, let noise): backend.run(operation, noise: noise)
    case .reparameterizeGradient(let operation, let noise, let weight):
      backend.run(operation, noise: noise, klWeight: weight)
    case .klDivergence(let operation): backend.run(operation)
    case .sampledDivergence(let operation, let noise): backend.run(operation, noise: noise)
    case .sampledDivergenceGradient(let operation, let noise):
      backend.run(operation, noise: noise)
    case .importanceWeights(let operation): backend.run(operation)
    case .repeatRows(let operation): backend.run(operation)
    case .sumRowGroups(let operation): backend.run(operation)
    case .scaleRows(let operation): backend.run(operation)
    case .latentDivergence(let operation): backend.run(operation)
    case .freeBitsGradient(let operation, let weight): backend.run(operation, klWeight: weight)
    case .varianceGradient(let operation): backend.run(operation)
    case .reconstructionLoss(let operation): backend.run(operation)
    case .reconstructionLossGradient(let operation): backend.run(operation)
    case .sumRows(let operation, let output): backend.run(operation, output: output)
    case .sumSquares(let operation): backend.run(operation)
    case .clip(let operation, let norm): backend.run(operation, squaredNorm: norm)
    case .adam(let operation, let rate): backend.run(operation, rate: rate)
    case .denseUpdate(let operation, let rate): backend.run(operation, rate: rate)
    case .momentum(let operation, let rate): backend.run(operation, learningRate: rate)
    case .randomFill(let operation, let noise): backend.run(operation, noise: noise)
    case .corrupt(let operation, let start, let noise):
      backend.run(operation, start: start, noise: noise)
    }
  }
}

/// The reference, rounded to single precision after every call, with a fault put in place of some
/// calls.
class FaultyBackend: Backend {
  let name = "faulty"
  let device = "ReferenceBackend rounded to Float"
  private let base = ReferenceBackend()
  private let perform: (Call, ReferenceBackend) -> Void
  private var everything = Tensor(offset: 0, rows: 1, columns: 0)

  init(_ perform: @escaping (Call, ReferenceBackend) -> Void = { $0.perform(on: $1) }) {
    self.perform = perform
  }

  private func run(_ call: Call) {
    perform(call, base)
    base.round(everything) { Double(Float($0)) }
  }

  func allocate(elements: Int) throws {
    try base.allocate(elements: elements)
    everything = Tensor(offset: 0, rows: 1, columns: elements)
  }
  func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
    base.upload(values, to: tensor)
  }
  func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws {
    try base.download(tensor, into: values)
  }
  func synchronize() throws { try base.synchronize() }
  func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws -> PixelTable {
    try base.makePixelTable(pixels, columns: columns)
  }
  func makeIndexTable(count: Int) throws -> IndexTable { try base.makeIndexTable(count: count) }
  func upload(_ indices: [UInt32], to table: IndexTable) { base.upload(indices, to: table) }

  func run(_ operation: Gather, start: Int) { run(.gather(operation, start: start)) }
  func run(_ operation: Binarize, start: Int, noise: Noise) {
    run(.binarize(operation, start: start, noise))
  }
  func run(_ operation: CopyColumns) { run(.copyColumns(operation)) }
  func run(_ operation: Dense) { run(.dense(operation)) }
  func run(_ operation: DenseInputGradient) { run(.denseInputGradient(operation)) }
  func run(_ operation: DenseParameterGradient) { run(.denseParameterGradient(operation)) }
  func run(_ operation: Activate) { run(.activate(operation)) }
  func run(_ operation: Reparameterize, noise: Noise?) { run(.reparameterize(operation, noise)) }
  func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float) {
    run(.reparameterizeGradient(operation, noise, klWeight: klWeight))
  }
  func run(_ operation: KLDivergence) { run(.klDivergence(operation)) }
  func run(_ operation: SampledDivergence, noise: Noise) {
    run(.sampledDivergence(operation, noise))
  }
  func run(_ operation: SampledDivergenceGradient, noise: Noise) {
    run(.sampledDivergenceGradient(operation, noise))
  }
  func run(_ operation: ImportanceWeights) { run(.importanceWeights(operation)) }
  func run(_ operation: RepeatRows) { run(.repeatRows(operation)) }
  func run(_ operation: SumRowGroups) { run(.sumRowGroups(operation)) }
  func run(_ operation: ScaleRows) { run(.scaleRows(operation)) }
  func run(_ operation: LatentDivergence) { run(.latentDivergence(operation)) }
  func run(_ operation: FreeBitsGradient, klWeight: Float) {
    run(.freeBitsGradient(operation, klWeight: klWeight))
  }
  func run(_ operation: VarianceGradient) { run(.varianceGradient(operation)) }
  func run(_ operation: ReconstructionLoss) { run(.reconstructionLoss(operation)) }
  func run(_ operation: ReconstructionLossGradient) {
    run(.reconstructionLossGradient(operation))
  }
  func run(_ operation: SumRows, output: Tensor) { run(.sumRows(operation, output: output)) }
  func run(_ operation: SumSquares) { run(.sumSquares(operation)) }
  func run(_ operation: ClipByNorm, squaredNorm: Tensor) {
    run(.clip(operation, squaredNorm: squaredNorm))
  }
  func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) { run(.adam(operation, rate)) }
  func run(_ operation: DenseUpdate, rate: AdamUpdate.Rate) { run(.denseUpdate(operation, rate)) }
  func run(_ operation: MomentumUpdate, learningRate: Float) {
    run(.momentum(operation, learningRate: learningRate))
  }
  func run(_ operation: RandomFill, noise: Noise) { run(.randomFill(operation, noise)) }
  func run(_ operation: Corrupt, start: Int, noise: Noise) {
    run(.corrupt(operation, start: start, noise))
  }
}

extension ReferenceBackend {
  /// Puts every element of `tensor` through `function`.
  func round(_ tensor: Tensor, _ function: (Double) -> Double) {
    set(tensor, to: values(of: tensor).map(function))
  }

  /// Runs `body` with `tensor` altered, and puts back what was there.
  func withAltered(_ tensor: Tensor, _ function: ([Double]) -> [Double], _ body: () -> Void) {
    let before = values(of: tensor)
    set(tensor, to: function(before))
    body()
    set(tensor, to: before)
  }

  /// Runs `body`, then puts back the last `count` elements of `tensor`.
  func keepingTail(_ tensor: Tensor, _ count: Int, _ body: () -> Void) {
    let kept = Tensor(
      offset: tensor.range.upperBound - min(count, tensor.count), rows: 1,
      columns: min(count, tensor.count))
    let before = values(of: kept)
    body()
    set(kept, to: before)
  }
}

/// Rounds to `bits` bits of significand, to nearest: 11 for TF32, 8 for bfloat16.
func rounded(_ value: Double, toBits bits: Int) -> Double {
  guard value.isFinite, value != 0 else { return value }
  let unit = Double(sign: .plus, exponent: value.exponent - bits + 1, significand: 1)
  return (value / unit).rounded() * unit
}
