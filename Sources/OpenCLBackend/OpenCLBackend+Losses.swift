import Backend
import COpenCL

extension OpenCLBackend {
  public func run(_ operation: Reparameterize, noise: Noise?) {
    let noise = NoiseArguments(noise)
    enqueue(
      operation, &prepared.reparameterize, [noise.isThere, noise.counter, noise.key]
    ) { () throws(OpenCLStatus) in
      try prepare(
        "reparameterize", layout.draws(operation.code.count.dividedUp(by: 4)),
        [
          offset(operation.head), offset(operation.code), size(operation.code.count),
          size(operation.code.columns), .code(operation.posterior.code),
        ])
    }
  }

  public func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float) {
    let gradient = operation.codeGradient
    let noise = NoiseArguments(noise)
    enqueue(
      operation, &prepared.reparameterizeGradient,
      [noise.isThere, noise.counter, noise.key, .real(klWeight)]
    ) { () throws(OpenCLStatus) in
      try prepare(
        "reparameterize_gradient", layout.draws(gradient.count.dividedUp(by: 4)),
        [
          offset(operation.head), offset(gradient), offset(operation.headGradient),
          size(gradient.count), size(gradient.columns), .code(operation.posterior.code),
        ])
    }
  }

  public func run(_ operation: KLDivergence) {
    enqueue(operation, &prepared.klDivergence, []) { () throws(OpenCLStatus) in
      try prepare(
        "kl_divergence", layout.rows(operation.head.rows),
        [
          offset(operation.head), offset(operation.divergence), size(operation.head.columns / 2),
          .code(operation.posterior.code),
        ])
    }
  }

  public func run(_ operation: LatentDivergence) {
    enqueue(operation, &prepared.latentDivergence, []) { () throws(OpenCLStatus) in
      try prepare(
        "latent_divergence", layout.rows(operation.divergence.count.dividedUp(by: layout.width)),
        [
          offset(operation.head), offset(operation.divergence), size(operation.head.rows),
          size(operation.divergence.count), .code(operation.posterior.code),
        ])
    }
  }

  public func run(_ operation: FreeBitsGradient, klWeight: Float) {
    let (rows, latent) = (operation.head.rows, operation.divergence.count)
    enqueue(operation, &prepared.freeBitsGradient, [.real(klWeight)]) { () throws(OpenCLStatus) in
      try prepare(
        "free_bits_gradient",
        Grid(
          items: rows * latent.dividedUp(by: layout.width), groupSize: layout.elementGroup),
        [
          offset(operation.head), offset(operation.divergence), offset(operation.headGradient),
          size(rows), size(latent), .code(operation.posterior.code), .real(operation.minimum),
        ])
    }
  }

  public func run(_ operation: ReconstructionLoss) {
    enqueue(operation, &prepared.reconstructionLoss, []) { () throws(OpenCLStatus) in
      try prepare(
        operation.isDiagonal ? "diagonal_gaussian" : "reconstruction_loss",
        layout.rows(operation.target.rows), arguments(of: operation))
    }
  }

  public func run(_ operation: ReconstructionLossGradient) {
    enqueue(operation, &prepared.reconstructionLossGradient, []) { () throws(OpenCLStatus) in
      try prepare(
        operation.loss.isDiagonal ? "diagonal_gaussian_gradient" : "reconstruction_loss_gradient",
        layout.rows(operation.loss.target.rows),
        arguments(of: operation.loss) + [offset(operation.gradient), .real(operation.scale)])
    }
  }

  public func run(_ operation: VarianceGradient) {
    enqueue(operation, &prepared.varianceGradient, []) { () throws(OpenCLStatus) in
      try prepare(
        "variance_gradient", layout.rows(1),
        [
          offset(operation.loss), offset(operation.parameter), offset(operation.gradient),
          size(operation.loss.count), .real(Float(operation.pixels)), .real(operation.scale),
        ])
    }
  }
}

extension ReconstructionLoss {
  fileprivate var isDiagonal: Bool { likelihood == .gaussianDiagonal }
}

extension OpenCLBackend {
  private func arguments(of operation: ReconstructionLoss) -> [Argument] {
    let terms = operation.squaredErrorTerms()
    return [
      offset(operation.logits), offset(operation.target), offset(operation.loss),
      size(operation.target.columns),
    ]
      + (operation.isDiagonal
        ? []
        : [
          .code(operation.likelihood.code), .real(Float(terms.weight)),
          .real(Float(terms.constant)),
          operation.variance.parameter.map { offset($0) } ?? .offset(0),
        ])
  }
}
