import Backend
import Parity
import ReferenceBackend
import Testing

/// Something wrong with an operation, and the gate that must notice it.
struct Fault: Sendable, CustomTestStringConvertible {
  let name: String
  let operation: String
  let gate: Failure.Gate
  /// Performs the calls that it is about, and returns `false` for the others.
  let perform: @Sendable (Call, ReferenceBackend) -> Bool

  var testDescription: String { "\(operation): \(name)" }

  var backend: FaultyBackend {
    FaultyBackend { call, base in
      if !perform(call, base) { call.perform(on: base) }
    }
  }

  /// A fault in the calls that `part` finds something in.
  static func `in`<Run>(
    _ operation: String, _ name: String, by gate: Failure.Gate = .bound,
    _ part: any KeyPath<Call, Run?> & Sendable,
    _ perform: @escaping @Sendable (Run, ReferenceBackend) -> Void
  ) -> Fault {
    Fault(name: name, operation: operation, gate: gate) { call, base in
      guard let run = call[keyPath: part] else { return false }
      perform(run, base)
      return true
    }
  }
}

extension Call {
  var dense: Dense? { if case .dense(let operation) = self { operation } else { nil } }
  var inputGradient: DenseInputGradient? {
    if case .denseInputGradient(let operation) = self { operation } else { nil }
  }
  var parameterGradient: DenseParameterGradient? {
    if case .denseParameterGradient(let operation) = self { operation } else { nil }
  }
  var activate: Activate? { if case .activate(let operation) = self { operation } else { nil } }
  var reparameterize: (operation: Reparameterize, noise: Noise?)? {
    if case .reparameterize(let operation, let noise) = self { (operation, noise) } else { nil }
  }
  var headGradient: (operation: ReparameterizeGradient, noise: Noise?, weight: Float)? {
    if case .reparameterizeGradient(let operation, let noise, let weight) = self {
      (operation, noise, weight)
    } else {
      nil
    }
  }
  var divergence: KLDivergence? {
    if case .klDivergence(let operation) = self { operation } else { nil }
  }
  var loss: ReconstructionLoss? {
    if case .reconstructionLoss(let operation) = self { operation } else { nil }
  }
  var lossGradient: ReconstructionLossGradient? {
    if case .reconstructionLossGradient(let operation) = self { operation } else { nil }
  }
  var sums: (operation: SumRows, output: Tensor)? {
    if case .sumRows(let operation, let output) = self { (operation, output) } else { nil }
  }
  var squares: SumSquares? { if case .sumSquares(let operation) = self { operation } else { nil } }
  var clip: (operation: ClipByNorm, squaredNorm: Tensor)? {
    if case .clip(let operation, let norm) = self { (operation, norm) } else { nil }
  }
  var adam: (operation: AdamUpdate, rate: AdamUpdate.Rate)? {
    if case .adam(let operation, let rate) = self { (operation, rate) } else { nil }
  }
  var update: (operation: DenseUpdate, rate: AdamUpdate.Rate)? {
    if case .denseUpdate(let operation, let rate) = self { (operation, rate) } else { nil }
  }
  var momentum: (operation: MomentumUpdate, rate: Float)? {
    if case .momentum(let operation, let rate) = self { (operation, rate) } else { nil }
  }
  var binarize: (operation: Binarize, start: Int, noise: Noise)? {
    if case .binarize(let operation, let start, let noise) = self {
      (operation, start, noise)
    } else {
      nil
    }
  }
  var latentDivergence: LatentDivergence? {
    if case .latentDivergence(let operation) = self { operation } else { nil }
  }
  var freeBits: (operation: FreeBitsGradient, weight: Float)? {
    if case .freeBitsGradient(let operation, let weight) = self { (operation, weight) } else { nil }
  }
  var varianceGradient: VarianceGradient? {
    if case .varianceGradient(let operation) = self { operation } else { nil }
  }
  var gather: (operation: Gather, start: Int)? {
    if case .gather(let operation, let start) = self { (operation, start) } else { nil }
  }
  var corruption: (operation: Corrupt, start: Int, noise: Noise)? {
    if case .corrupt(let operation, let start, let noise) = self {
      (operation, start, noise)
    } else {
      nil
    }
  }
  var copy: CopyColumns? { if case .copyColumns(let operation) = self { operation } else { nil } }
  var fill: (operation: RandomFill, noise: Noise)? {
    if case .randomFill(let operation, let noise) = self { (operation, noise) } else { nil }
  }
}
