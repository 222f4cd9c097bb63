import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: SampledDivergence, noise: Noise) {
    perform(
      DrawnDivergence(
        posterior: operation.posterior.constant, noise: vm_noise(noise),
        rows: operation.head.rows, latent: operation.head.columns / 2,
        head: pointer(to: operation.head), divergence: pointer(to: operation.divergence)),
      size: operation.head.count, grain: 1 << 11)
  }

  public func run(_ operation: SampledDivergenceGradient, noise: Noise) {
    perform(
      DrawnDivergenceGradient(
        posterior: operation.posterior.constant, noise: vm_noise(noise),
        rows: operation.codeGradient.rows, latent: operation.codeGradient.columns,
        head: pointer(to: operation.head), codeGradient: pointer(to: operation.codeGradient),
        weights: pointer(to: operation.weights), headGradient: pointer(to: operation.headGradient)
      ),
      size: operation.codeGradient.count, grain: 1 << 10)
  }

  public func run(_ operation: ImportanceWeights) {
    perform(
      Weights(
        examples: operation.examples, draws: operation.draws, scale: operation.scale,
        reconstruction: pointer(to: operation.reconstruction),
        divergence: pointer(to: operation.divergence), weights: pointer(to: operation.weights),
        losses: pointer(to: operation.losses)),
      size: operation.weights.count, grain: 1 << 11)
  }
}

private struct DrawnDivergence: ParallelWork {
  let posterior: Int32
  let noise: vm_noise
  let rows: Int
  let latent: Int
  let head: UnsafePointer<Float>
  let divergence: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    withUnsafePointer(to: noise) {
      vm_sampled_divergence(
        posterior, head, $0, rows.lowerBound, rows.count, latent, divergence)
    }
  }
}

private struct DrawnDivergenceGradient: ParallelWork {
  let posterior: Int32
  let noise: vm_noise
  let rows: Int
  let latent: Int
  let head: UnsafePointer<Float>
  let codeGradient: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  let headGradient: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    withUnsafePointer(to: noise) {
      vm_sampled_divergence_gradient(
        posterior, head, codeGradient, weights, $0, rows.lowerBound, rows.count, latent,
        headGradient)
    }
  }
}

private struct Weights: ParallelWork {
  let examples: Int
  let draws: Int
  let scale: Float
  let reconstruction: UnsafePointer<Float>
  let divergence: UnsafePointer<Float>
  let weights: UnsafeMutablePointer<Float>
  let losses: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let share = part.share(of: examples)
    let start = share.lowerBound * draws
    vm_importance_weights(
      reconstruction + start, divergence + start, scale, share.count, draws, weights + start,
      losses + share.lowerBound, losses + examples + share.lowerBound)
  }
}
