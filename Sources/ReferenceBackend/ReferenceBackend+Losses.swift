import Backend
import Foundation

extension ReferenceBackend {
  public func run(_ operation: Reparameterize, noise: Noise?) {
    let latent = operation.code.columns
    for row in 0..<operation.code.rows {
      for column in 0..<latent {
        let mean = self[operation.head, row, column]
        let spread = self[operation.head, row, latent + column]
        let draw = noise.map { $0.normal(row * latent + column) }
        self[operation.code, row, column] =
          mean + (draw.map { operation.posterior.deviation(spread) * $0 } ?? 0)
      }
    }
  }

  public func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float) {
    let latent = operation.codeGradient.columns
    let weight = Double(klWeight)
    for row in 0..<operation.codeGradient.rows {
      for column in 0..<latent {
        let mean = self[operation.head, row, column]
        let spread = self[operation.head, row, latent + column]
        let gradient = self[operation.codeGradient, row, column]
        let draw = noise?.normal(row * latent + column) ?? 0
        self[operation.headGradient, row, column] = gradient + weight * mean
        self[operation.headGradient, row, latent + column] =
          switch operation.posterior {
          case .logVariance:
            gradient * 0.5 * exp(spread / 2) * draw + weight * 0.5 * expm1(spread)
          case .sigma:
            gradient * draw
              + weight * (spread - spread / (spread * spread + Double(Posterior.logarithmGuard)))
          }
      }
    }
  }

  public func run(_ operation: KLDivergence) {
    let latent = operation.head.columns / 2
    for row in 0..<operation.head.rows {
      var sum = 0.0
      for column in 0..<latent {
        sum += operation.posterior.divergence(
          mean: self[operation.head, row, column],
          spread: self[operation.head, row, latent + column])
      }
      self[operation.divergence, row] = sum
    }
  }

  public func run(_ operation: ReconstructionLoss) {
    for row in 0..<operation.logits.rows {
      var sum = 0.0
      for column in 0..<operation.logits.columns {
        sum += operation.likelihood.loss(
          logit: self[operation.logits, row, column], target: self[operation.target, row, column])
      }
      self[operation.loss, row] = sum
    }
  }

  public func run(_ operation: ReconstructionLossGradient) {
    run(operation.loss)
    let (logits, target) = (operation.loss.logits, operation.loss.target)
    for index in 0..<logits.count {
      self[operation.gradient, index] =
        Double(operation.scale)
        * operation.loss.likelihood.gradient(
          logit: self[logits, index], target: self[target, index])
    }
  }

  public func run(_ operation: SumRows, output: Tensor) {
    precondition(output.count == operation.input.rows, "sum rows: one sum a row")
    for row in 0..<operation.input.rows {
      var sum = 0.0
      for column in 0..<operation.input.columns { sum += self[operation.input, row, column] }
      self[output, row] = sum
    }
  }
}
