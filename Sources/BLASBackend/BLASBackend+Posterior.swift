import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: Reparameterize, noise: Noise?) {
    perform(
      Draw(
        posterior: operation.posterior.constant, noise: noise.map { vm_noise($0) },
        rows: operation.code.rows, latent: operation.code.columns,
        head: pointer(to: operation.head), code: pointer(to: operation.code)),
      size: operation.code.count, grain: 1 << 10)
  }

  public func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float) {
    perform(
      DrawGradient(
        posterior: operation.posterior.constant, noise: noise.map { vm_noise($0) },
        klWeight: klWeight,
        rows: operation.codeGradient.rows, latent: operation.codeGradient.columns,
        head: pointer(to: operation.head), codeGradient: pointer(to: operation.codeGradient),
        headGradient: pointer(to: operation.headGradient)),
      size: operation.codeGradient.count, grain: 1 << 10)
  }

  public func run(_ operation: KLDivergence) {
    perform(
      Divergence(
        posterior: operation.posterior.constant, rows: operation.head.rows,
        latent: operation.head.columns / 2, head: pointer(to: operation.head),
        divergence: pointer(to: operation.divergence)),
      size: operation.head.count, grain: 1 << 12)
  }
}

extension BLASBackend {
  public func run(_ operation: LatentDivergence) {
    vm_latent_divergence(
      operation.posterior.constant, pointer(to: operation.head), operation.head.rows,
      operation.divergence.count, pointer(to: operation.divergence))
  }

  public func run(_ operation: FreeBitsGradient, klWeight: Float) {
    vm_free_bits_gradient(
      operation.posterior.constant, pointer(to: operation.head),
      pointer(to: operation.divergence), operation.minimum, klWeight, operation.head.rows,
      operation.divergence.count, pointer(to: operation.headGradient))
  }
}

extension vm_noise {
  /// The same sequence, as C knows it.
  init(_ noise: Noise) {
    self.init(
      key: (noise.key.x, noise.key.y),
      first_block: UInt32(truncatingIfNeeded: noise.firstElement / 4),
      step: (
        UInt32(truncatingIfNeeded: noise.step), UInt32(truncatingIfNeeded: noise.step >> 32)
      ),
      stream: noise.stream.rawValue)
  }
}

private struct Draw: ParallelWork {
  let posterior: Int32
  let noise: vm_noise?
  let rows: Int
  let latent: Int
  let head: UnsafePointer<Float>
  let code: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    withOptionalPointer(to: noise) {
      vm_reparameterize(posterior, head, $0, rows.lowerBound, rows.count, latent, code)
    }
  }
}

private struct DrawGradient: ParallelWork {
  let posterior: Int32
  let noise: vm_noise?
  let klWeight: Float
  let rows: Int
  let latent: Int
  let head: UnsafePointer<Float>
  let codeGradient: UnsafePointer<Float>
  let headGradient: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    withOptionalPointer(to: noise) {
      vm_reparameterize_gradient(
        posterior, head, codeGradient, $0, klWeight, rows.lowerBound, rows.count, latent,
        headGradient)
    }
  }
}

private struct Divergence: ParallelWork {
  let posterior: Int32
  let rows: Int
  let latent: Int
  let head: UnsafePointer<Float>
  let divergence: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let rows = part.share(of: rows)
    vm_kl_divergence(
      posterior, head + rows.lowerBound * 2 * latent, rows.count, latent,
      divergence + rows.lowerBound)
  }
}

private func withOptionalPointer<Value>(
  to value: Value?, _ body: (UnsafePointer<Value>?) -> Void
) {
  if let value { withUnsafePointer(to: value) { body($0) } } else { body(nil) }
}
