import Backend
import Foundation

extension SingleBackend {
  func run(_ operation: ReconstructionLoss) {
    let columns = operation.target.columns
    let terms = terms(of: operation)
    for row in 0..<operation.target.rows {
      let total = sum(columns) { column in
        let target = self[operation.target, row * columns + column]
        if operation.likelihood == .gaussianDiagonal {
          let index = 2 * row * columns + column
          return gaussian(
            self[operation.logits, index], self[operation.logits, index + columns], target
          ).loss
        }
        let logit = self[operation.logits, row * columns + column]
        if operation.likelihood == .bernoulli {
          return positive(logit) - logit * target + log1p(exp(-abs(logit)))
        }
        let difference = sigmoid(logit) - target
        return difference * difference
      }
      self[operation.loss, row] = terms.map { $0.weight * total + $0.constant } ?? total
    }
  }

  func run(_ operation: ReconstructionLossGradient) {
    run(operation.loss)
    let (loss, columns) = (operation.loss, operation.loss.target.columns)
    let scale = operation.scale * (terms(of: loss)?.weight ?? 1)
    for index in 0..<loss.target.count {
      let target = self[loss.target, index]
      if loss.likelihood == .gaussianDiagonal {
        let logit = index / columns * 2 * columns + index % columns
        let term = gaussian(self[loss.logits, logit], self[loss.logits, logit + columns], target)
        self[operation.gradient, logit] = operation.scale * term.logitGradient
        self[operation.gradient, logit + columns] = operation.scale * term.parameterGradient
        continue
      }
      let pixel = sigmoid(self[loss.logits, index])
      let difference = pixel - target
      let gradient =
        loss.likelihood == .bernoulli ? difference : 2 * difference * pixel * (1 - pixel)
      self[operation.gradient, index] = scale * gradient
    }
  }

  /// A Gaussian's factor and constant.
  private func terms(of operation: ReconstructionLoss) -> (weight: Float, constant: Float)? {
    let half = 0.5 * Float(operation.target.columns)
    let logVariance: Float
    switch (operation.likelihood, operation.variance) {
    case (.gaussian, .given(let variance)): logVariance = log(variance)
    case (_, .learned(let parameter)): logVariance = self.logVariance(self[parameter, 0])
    case (.gaussianDiagonal, _): return (0.5, half * logarithmOfTwoPi)
    default: return nil
    }
    let weight =
      if case .given(let variance) = operation.variance { 0.5 / variance } else {
        0.5 * exp(-logVariance)
      }
    return (weight, half * (logarithmOfTwoPi + logVariance))
  }

  func run(_ operation: VarianceGradient) {
    let parameter = self[operation.parameter, 0]
    let expected =
      0.5 * Float(operation.pixels) * (1 + (logarithmOfTwoPi + logVariance(parameter)))
    let total = sum(operation.loss.count) { expected - self[operation.loss, $0] }
    self[operation.gradient, 0] = operation.scale * sigmoid(parameter + 12) * total
  }

  func run(_ operation: LatentDivergence) {
    let (rows, latent) = (operation.head.rows, operation.divergence.count)
    for column in 0..<latent {
      self[operation.divergence, column] =
        sum(rows) { row in
          divergence(
            operation.posterior, self[operation.head, row * 2 * latent + column],
            self[operation.head, (row * 2 + 1) * latent + column])
        } / Float(rows)
    }
  }

  func run(_ operation: FreeBitsGradient, klWeight: Float) {
    let latent = operation.divergence.count
    for index in 0..<operation.head.count
    where self[operation.divergence, index % latent] > operation.minimum {
      let value = self[operation.head, index]
      let slope =
        switch (index / latent % 2, operation.posterior) {
        case (0, _): value
        case (_, .logVariance): 0.5 * expm1(value)
        case (_, .sigma): value - value / (value * value + Posterior.logarithmGuard)
        }
      self[operation.headGradient, index] += klWeight * slope
    }
  }
}
