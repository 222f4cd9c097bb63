import Backend
import Foundation

extension SingleBackend {
  func run(_ operation: RepeatRows) {
    let columns = operation.output.columns
    for index in 0..<operation.output.count {
      let row = index / columns / operation.count
      self[operation.output, index] = self[operation.input, row * columns + index % columns]
    }
  }

  func run(_ operation: SumRowGroups) {
    let columns = operation.output.columns
    for index in 0..<operation.output.count {
      let first = index / columns * operation.count * columns + index % columns
      self[operation.output, index] =
        operation.scale * sum(operation.count) { self[operation.input, first + $0 * columns] }
    }
  }

  func run(_ operation: ScaleRows) {
    for index in 0..<operation.output.count {
      self[operation.output, index] =
        self[operation.scales, index / operation.output.columns] * self[operation.input, index]
    }
  }

  func run(_ operation: SampledDivergence, noise: Noise) {
    let latent = operation.head.columns / 2
    for row in 0..<operation.head.rows {
      self[operation.divergence, row] = sum(latent) { column in
        let mean = self[operation.head, row * 2 * latent + column]
        let spread = self[operation.head, row * 2 * latent + latent + column]
        let draw = normal(noise, row * latent + column)
        let isLogarithm = operation.posterior == .logVariance
        let distance = mean + (isLogarithm ? expm1(spread / 2) : spread - 1) * draw
        let logarithm = isLogarithm ? spread : log(spread * spread + Posterior.logarithmGuard)
        return distance / 2 * (distance + 2 * draw) - logarithm / 2
      }
    }
  }

  func run(_ operation: SampledDivergenceGradient, noise: Noise) {
    let latent = operation.codeGradient.columns
    for index in 0..<operation.codeGradient.count {
      let position = index / latent * 2 * latent + index % latent
      let spread = self[operation.head, position + latent]
      let (weight, draw) = (self[operation.weights, index / latent], normal(noise, index))
      let isLogarithm = operation.posterior == .logVariance
      let shift = (isLogarithm ? exp(spread / 2) : spread) * draw
      let total =
        self[operation.codeGradient, index] + weight * (self[operation.head, position] + shift)
      self[operation.headGradient, position] = total
      self[operation.headGradient, position + latent] =
        isLogarithm
        ? total / 2 * shift - weight / 2
        : total * draw - weight * (spread / (spread * spread + Posterior.logarithmGuard))
    }
  }

  func run(_ operation: ImportanceWeights) {
    let draws = operation.draws
    for example in 0..<operation.examples {
      func loss(_ draw: Int) -> Float {
        self[operation.reconstruction, example * draws + draw]
          + self[operation.divergence, example * draws + draw]
      }
      var least = Float.infinity
      for draw in 0..<draws where loss(draw) < least { least = loss(draw) }
      let total = sum(draws) { exp(least - loss($0)) }
      for draw in 0..<draws {
        self[operation.weights, example * draws + draw] =
          operation.scale * (exp(least - loss(draw)) / total)
      }
      let reconstruction =
        sum(draws) {
          exp(least - loss($0)) * self[operation.reconstruction, example * draws + $0]
        } / total
      self[operation.losses, example] = reconstruction
      self[operation.losses, operation.examples + example] =
        least - log(total / Float(draws)) - reconstruction
    }
  }
}
