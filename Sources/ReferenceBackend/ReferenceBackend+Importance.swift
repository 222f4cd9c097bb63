import Backend
import Foundation

extension ReferenceBackend {
  public func run(_ operation: RepeatRows) {
    let (input, output) = (elements(of: operation.input), elements(of: operation.output))
    let (columns, count) = (operation.output.columns, operation.count)
    for row in 0..<operation.output.rows {
      for column in 0..<columns {
        output[row * columns + column] = input[row / count * columns + column]
      }
    }
  }

  public func run(_ operation: SumRowGroups) {
    let (input, output) = (elements(of: operation.input), elements(of: operation.output))
    let (columns, count) = (operation.output.columns, operation.count)
    for row in 0..<operation.output.rows {
      for column in 0..<columns {
        var sum = 0.0
        for index in row * count..<(row + 1) * count { sum += input[index * columns + column] }
        output[row * columns + column] = Double(operation.scale) * sum
      }
    }
  }

  public func run(_ operation: ScaleRows) {
    let (input, output) = (elements(of: operation.input), elements(of: operation.output))
    let (scales, columns) = (elements(of: operation.scales), operation.input.columns)
    for index in 0..<input.count { output[index] = scales[index / columns] * input[index] }
  }

  public func run(_ operation: SampledDivergence, noise: Noise) {
    let (head, divergence) = (elements(of: operation.head), elements(of: operation.divergence))
    let latent = operation.head.columns / 2
    for row in 0..<operation.head.rows {
      var sum = 0.0
      for column in 0..<latent {
        let mean = 2 * row * latent + column
        sum += operation.posterior.sampledDivergence(
          mean: head[mean], spread: head[mean + latent],
          draw: noise.normal(row * latent + column))
      }
      divergence[row] = sum
    }
  }

  public func run(_ operation: SampledDivergenceGradient, noise: Noise) {
    let (head, codeGradient) = (elements(of: operation.head), elements(of: operation.codeGradient))
    let (weights, output) = (
      elements(of: operation.weights), elements(of: operation.headGradient)
    )
    let latent = operation.codeGradient.columns
    for row in 0..<operation.codeGradient.rows {
      for column in 0..<latent {
        let (index, mean) = (row * latent + column, 2 * row * latent + column)
        let (spread, draw) = (head[mean + latent], noise.normal(index))
        let shift = operation.posterior.deviation(spread) * draw
        let total = codeGradient[index] + weights[row] * (head[mean] + shift)
        output[mean] = total
        output[mean + latent] =
          switch operation.posterior {
          case .logVariance: 0.5 * (total * shift - weights[row])
          case .sigma:
            total * draw - weights[row]
              * (spread / (spread * spread + Double(Posterior.logarithmGuard)))
          }
      }
    }
  }

  public func run(_ operation: ImportanceWeights) {
    let (reconstruction, divergence) = (
      elements(of: operation.reconstruction), elements(of: operation.divergence)
    )
    let (weights, losses) = (elements(of: operation.weights), elements(of: operation.losses))
    let draws = operation.draws
    for example in 0..<operation.examples {
      let range = example * draws..<(example + 1) * draws
      var least = Double.infinity
      for index in range where reconstruction[index] + divergence[index] < least {
        least = reconstruction[index] + divergence[index]
      }
      var (total, weighted) = (0.0, 0.0)
      for index in range {
        let weight = exp(least - (reconstruction[index] + divergence[index]))
        weights[index] = weight
        total += weight
        weighted += weight * reconstruction[index]
      }
      for index in range { weights[index] *= Double(operation.scale) / total }
      losses[example] = weighted / total
      losses[operation.examples + example] =
        least - log(total / Double(draws)) - weighted / total
    }
  }
}
