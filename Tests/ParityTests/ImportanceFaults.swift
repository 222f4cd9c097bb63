import Backend
import Parity
import ReferenceBackend

extension Call {
  fileprivate var repetition: RepeatRows? {
    if case .repeatRows(let operation) = self { operation } else { nil }
  }
  fileprivate var groups: SumRowGroups? {
    if case .sumRowGroups(let operation) = self { operation } else { nil }
  }
  fileprivate var scaling: ScaleRows? {
    if case .scaleRows(let operation) = self { operation } else { nil }
  }
  fileprivate var drawnDivergence: (operation: SampledDivergence, noise: Noise)? {
    if case .sampledDivergence(let operation, let noise) = self { (operation, noise) } else { nil }
  }
  fileprivate var drawnGradient: (operation: SampledDivergenceGradient, noise: Noise)? {
    if case .sampledDivergenceGradient(let operation, let noise) = self {
      (operation, noise)
    } else {
      nil
    }
  }
  fileprivate var weights: ImportanceWeights? {
    if case .importanceWeights(let operation) = self { operation } else { nil }
  }
}

let importanceFaults: [Fault] = [
  .in(RepeatRows.name, "the first row alone", \.repetition) { operation, base in
    let row = base.values(of: operation.input[rows: 0..<1])
    base.set(operation.output, to: (0..<operation.output.rows).flatMap { _ in row })
  },
  .in(RepeatRows.name, "last row not written", by: .unwritten, \.repetition) { operation, base in
    base.keepingTail(operation.output, operation.output.columns) { base.run(operation) }
  },
  .in(SumRowGroups.name, "scale left out", \.groups) { operation, base in
    base.run(operation)
    base.round(operation.output) { $0 / Double(operation.scale) }
  },
  .in(ScaleRows.name, "factor squared", \.scaling) { operation, base in
    base.withAltered(operation.scales, { $0.map { $0 * $0 } }) { base.run(operation) }
  },
  .in(SampledDivergence.name, "the KL divergence itself", \.drawnDivergence) { run, base in
    let operation = run.operation
    base.run(
      KLDivergence(
        head: operation.head, posterior: operation.posterior, divergence: operation.divergence))
  },
  .in(SampledDivergence.name, "another ε than the code's", \.drawnDivergence) { run, base in
    var noise = run.noise
    noise.step &+= 1
    base.run(run.operation, noise: noise)
  },
  .in(SampledDivergenceGradient.name, "weights ignored", \.drawnGradient) { run, base in
    base.withAltered(run.operation.weights, { $0.map { _ in 1 } }) {
      base.run(run.operation, noise: run.noise)
    }
  },
  .in(SampledDivergenceGradient.name, "path through z alone", \.drawnGradient) { run, base in
    let operation = run.operation
    base.run(
      ReparameterizeGradient(
        head: operation.head, posterior: operation.posterior,
        codeGradient: operation.codeGradient, headGradient: operation.headGradient),
      noise: run.noise, klWeight: 0)
  },
  .in(ImportanceWeights.name, "equal weights", \.weights) { operation, base in
    base.run(operation)
    base.round(operation.weights) { _ in Double(operation.scale) / Double(operation.draws) }
  },
  .in(ImportanceWeights.name, "overflow before the logarithm", by: .nonFinite, \.weights) {
    operation, base in
    base.run(operation)
    let sums = zip(
      base.values(of: operation.reconstruction), base.values(of: operation.divergence))
    guard sums.contains(where: { $0 + $1 < -88 }) else { return }
    base.round(operation.losses) { _ in -.infinity }
  },
]
