import Backend
import COpenCL

extension OpenCLBackend {
  public func run(_ operation: Reparameterize, noise: Noise?) {
    let noise = NoiseArguments(noise)
    enqueue(
      operation, &prepared.reparameterize, [noise.isThere, noise.counter, noise.key]
    ) { () throws(OpenCLStatus) in
      try prepare(
        "reparameterize", layout.elements(operation.code.count.dividedUp(by: 4)),
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
        "reparameterize_gradient", layout.elements(gradient.count.dividedUp(by: 4)),
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

  public func run(_ operation: ReconstructionLoss) {
    enqueue(operation, &prepared.reconstructionLoss, []) { () throws(OpenCLStatus) in
      try prepare(
        "reconstruction_loss", layout.rows(operation.logits.rows), arguments(of: operation))
    }
  }

  public func run(_ operation: ReconstructionLossGradient) {
    enqueue(operation, &prepared.reconstructionLossGradient, []) { () throws(OpenCLStatus) in
      try prepare(
        "reconstruction_loss_gradient", layout.rows(operation.loss.logits.rows),
        arguments(of: operation.loss) + [offset(operation.gradient), .real(operation.scale)])
    }
  }
}

extension OpenCLBackend {
  private func arguments(of operation: ReconstructionLoss) -> [Argument] {
    [
      offset(operation.logits), offset(operation.target), offset(operation.loss),
      size(operation.logits.columns), .code(operation.likelihood.code),
    ]
  }
}
