import Backend
import Parity
import ReferenceBackend

let modelFaults: [Fault] = [
  .in(KLDivergence.name, "½ missing", \.divergence) {
    $1.run($0)
    $1.round($0.divergence) { $0 * 2 }
  },
  .in(KLDivergence.name, "sign turned", \.divergence) {
    $1.run($0)
    $1.round($0.divergence) { -$0 }
  },
  .in(KLDivergence.name, "the logarithm's guard missing", by: .nonFinite, \.divergence) {
    operation, base in
    base.run(operation)
    guard operation.posterior == .sigma else { return }
    let latent = operation.head.columns / 2
    let head = base.values(of: operation.head)
    let sums = base.values(of: operation.divergence)
    base.set(
      operation.divergence,
      to: sums.indices.map { row in
        let spreads = head[(row * 2 + 1) * latent..<(row * 2 + 2) * latent]
        return spreads.contains(0) ? .infinity : sums[row]
      })
  },
  .in(Reparameterize.name, "noise of another step", \.reparameterize) { run, base in
    var noise = run.noise
    noise?.step &+= 1
    base.run(run.operation, noise: noise)
  },
  .in(Reparameterize.name, "the step's high half ignored", \.reparameterize) { run, base in
    var noise = run.noise
    noise?.step &= 0xFFFF_FFFF
    base.run(run.operation, noise: noise)
  },
  .in(Reparameterize.name, "noise without being asked", \.reparameterize) { run, base in
    base.run(run.operation, noise: run.noise ?? Noise(seed: 0, stream: .evaluation))
  },
  .in(Reparameterize.name, "e^γ in place of e^{γ/2}", \.reparameterize) { run, base in
    guard run.operation.posterior == .logVariance else {
      return base.run(run.operation, noise: run.noise)
    }
    let head = run.operation.head
    let latent = head.columns / 2
    base.withAltered(
      head,
      { values in values.indices.map { values[$0] * ($0 / latent % 2 == 1 ? 2 : 1) } }
    ) { base.run(run.operation, noise: run.noise) }
  },
  .in(ReparameterizeGradient.name, "another ε than forward", \.headGradient) { run, base in
    let noise = run.noise.map { Noise(seed: $0.seed, stream: $0.stream, step: $0.step) }
    base.run(run.operation, noise: noise, klWeight: run.weight)
  },
  .in(ReparameterizeGradient.name, "β ignored", \.headGradient) { run, base in
    base.run(run.operation, noise: run.noise, klWeight: 1)
  },
  .in(ReparameterizeGradient.name, "KL term missing", \.headGradient) { run, base in
    base.run(run.operation, noise: run.noise, klWeight: 0)
  },
  .in(ReconstructionLoss.name, "mean in place of sum", \.loss) { operation, base in
    base.run(operation)
    base.round(operation.loss) { $0 / Double(operation.logits.columns) }
  },
  .in(ReconstructionLoss.name, "sigmoid, then logarithm", by: .nonFinite, \.loss) {
    operation, base in
    base.run(operation)
    guard operation.likelihood == .bernoulli else { return }
    let logits = base.values(of: operation.logits)
    let columns = operation.logits.columns
    let sums = base.values(of: operation.loss)
    base.set(
      operation.loss,
      to: sums.indices.map { row in
        logits[row * columns..<(row + 1) * columns].contains { abs($0) > 17 }
          ? .infinity : sums[row]
      })
  },
  .in(ReconstructionLossGradient.name, "scale left out", \.lossGradient) { operation, base in
    base.run(operation)
    base.round(operation.gradient) { $0 / Double(operation.scale) }
  },
  .in(ReconstructionLossGradient.name, "reads logits it has overwritten", \.lossGradient) {
    operation, base in
    base.run(operation)
    if operation.gradient == operation.loss.logits { base.run(operation.loss) }
  },
  .in(ReconstructionLossGradient.name, "loss not written", by: .unwritten, \.lossGradient) {
    operation, base in
    base.keepingTail(operation.loss.loss, operation.loss.loss.count) { base.run(operation) }
  },
  .in(SumRows.name, "last column left out", \.sums) { run, base in
    let (rows, columns) = (run.operation.input.rows, run.operation.input.columns)
    let values = base.values(of: run.operation.input)
    base.set(
      run.output,
      to: (0..<rows).map { values[$0 * columns..<($0 + 1) * columns].dropLast().reduce(0, +) })
  },
  .in(AdamUpdate.name, "bias correction missing", \.adam) { run, base in
    base.run(run.operation, rate: run.operation.rate(learningRate: 1e-3, step: 1_000_000))
  },
  .in(AdamUpdate.name, "ε inside the root", \.adam) { run, base in
    let operation = run.operation
    let before = base.values(of: operation.parameters)
    base.run(operation, rate: run.rate)
    let first = base.values(of: operation.firstMoment)
    let second = base.values(of: operation.secondMoment)
    base.set(
      operation.parameters,
      to: before.indices.map { index in
        let root = second[index].squareRoot() * Double(run.rate.inverseRootCorrection)
        let guarded = (root * root + Double(operation.epsilon)).squareRoot()
        return before[index] - Double(run.rate.stepSize) * first[index] / guarded
      })
  },
  .in(AdamUpdate.name, "weight decay forgotten", \.adam) { run, base in
    let operation = run.operation
    let before = base.values(of: operation.parameters)
    base.run(operation, rate: run.rate)
    let forgotten = 1 - Double(run.rate.retention)
    base.set(
      operation.parameters,
      to: zip(base.values(of: operation.parameters), before).map { $0 + forgotten * $1 })
  },
  .in(SumSquares.name, "elements, not their squares", \.squares) { operation, base in
    base.run(operation)
    let input = base.values(of: operation.input)
    base.set(
      operation.sums,
      to: (0..<operation.sums.count).map { block in
        SumSquares.elements(ofBlock: block, of: input.count).reduce(0) { $0 + abs(input[$1]) }
      })
  },
  .in(SumSquares.name, "last block's sum not written", by: .unwritten, \.squares) {
    operation, base in base.keepingTail(operation.sums, 1) { base.run(operation) }
  },
  .in(ClipByNorm.name, "scaled to the limit wherever the norm is", \.clip) { run, base in
    let norm = base.values(of: run.squaredNorm)[0].squareRoot()
    base.round(run.operation.tensor) { $0 * Double(run.operation.limit) / norm }
  },
  .in(ClipByNorm.name, "the norm's square in place of the norm", \.clip) { run, base in
    base.withAltered(run.squaredNorm, { $0.map { $0 * $0 } }) {
      base.run(run.operation, squaredNorm: run.squaredNorm)
    }
  },
  .in(AdamUpdate.name, "one element past the end", by: .canary, \.adam) { run, base in
    base.run(run.operation, rate: run.rate)
    let end = run.operation.firstMoment.range.upperBound
    base.round(Tensor(offset: end, rows: 1, columns: 1)) { 0.9 * $0 }
  },
  .in(AdamUpdate.name, "gradients zeroed", by: .canary, \.adam) { run, base in
    base.run(run.operation, rate: run.rate)
    base.round(run.operation.gradients) { _ in 0 }
  },
  .in(DenseUpdate.name, "last layer left out", \.update) { run, base in
    let operation = run.operation
    base.run(
      DenseUpdate(gradients: Array(operation.gradients.dropLast()), adam: operation.adam),
      rate: run.rate)
  },
  .in(DenseUpdate.name, "first layer's bias updated twice", \.update) { run, base in
    base.run(run.operation, rate: run.rate)
    guard let layer = run.operation.gradients.first else { return }
    base.run(run.operation.adam(for: layer.biasGradient), rate: run.rate)
  },
  .in(DenseUpdate.name, "inputs changed", by: .canary, \.update) { run, base in
    base.run(run.operation, rate: run.rate)
    for layer in run.operation.gradients { base.round(layer.input) { _ in 0 } }
  },
  .in(MomentumUpdate.name, "velocity damped after use", \.momentum) { run, base in
    base.run(run.operation, learningRate: run.rate)
    base.round(run.operation.velocity) { $0 * 0.999 }
  },
]
