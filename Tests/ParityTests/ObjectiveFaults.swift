import Backend
import Parity
import ReferenceBackend

let objectiveFaults: [Fault] = [
  .in(ReconstructionLoss.name, "constant of the density missing", \.loss) { operation, base in
    base.run(operation)
    guard operation.likelihood == .gaussian else { return }
    let constant = operation.squaredErrorTerms().constant
    base.round(operation.loss) { $0 - constant }
  },
  .in(ReconstructionLossGradient.name, "variance left out of the gradient", \.lossGradient) {
    operation, base in
    base.run(operation)
    guard operation.loss.likelihood == .gaussian else { return }
    let weight = operation.loss.squaredErrorTerms().weight
    base.round(operation.gradient) { $0 / weight }
  },
  .in(ReconstructionLossGradient.name, "hard bound of the variance", \.lossGradient) {
    operation, base in
    base.run(operation)
    guard operation.loss.likelihood == .gaussianDiagonal,
      operation.gradient != operation.loss.logits
    else { return }
    let logits = base.values(of: operation.loss.logits)
    let columns = operation.loss.target.columns
    base.set(
      operation.gradient,
      to: base.values(of: operation.gradient).enumerated().map { index, gradient in
        index / columns % 2 == 1 && logits[index] < -12 ? 0 : gradient
      })
  },
  .in(VarianceGradient.name, "learned by every example alike", \.varianceGradient) {
    operation, base in
    base.run(operation)
    base.round(operation.gradient) { $0 / Double(operation.scale) }
  },
  .in(VarianceGradient.name, "slope of the bound forgotten", \.varianceGradient) {
    operation, base in
    base.run(operation)
    let slope = PixelVariance.slope(base.values(of: operation.parameter)[0])
    base.round(operation.gradient) { $0 / slope }
  },
  .in(LatentDivergence.name, "sum in place of the average", \.latentDivergence) {
    operation, base in
    base.run(operation)
    base.round(operation.divergence) { $0 * Double(operation.head.rows) }
  },
  .in(FreeBitsGradient.name, "dimensions at the minimum too", \.freeBits) { run, base in
    let operation = run.operation
    base.run(
      FreeBitsGradient(
        head: operation.head, posterior: operation.posterior, divergence: operation.divergence,
        minimum: operation.minimum.nextDown, headGradient: operation.headGradient),
      klWeight: run.weight)
  },
  .in(FreeBitsGradient.name, "gradient overwritten", \.freeBits) { run, base in
    base.round(run.operation.headGradient) { _ in 0 }
    base.run(run.operation, klWeight: run.weight)
  },
  .in(Binarize.name, "draws of the batch's row, not of the example", \.binarize) { run, base in
    base.run(Binarize(images: run.operation.images, order: nil), start: 0, noise: run.noise)
  },
  .in(Binarize.name, "white at ½", \.binarize) { run, base in
    base.round(run.operation.images) { $0 >= 0.5 ? 1 : 0 }
  },
]
