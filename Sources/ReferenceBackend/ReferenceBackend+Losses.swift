import Backend
import Foundation

extension ReferenceBackend {
  public func run(_ operation: Reparameterize, noise: Noise?) {
    let (head, code) = (elements(of: operation.head), elements(of: operation.code))
    let latent = operation.code.columns
    for row in 0..<operation.code.rows {
      for column in 0..<latent {
        let (index, mean) = (row * latent + column, 2 * row * latent + column)
        code[index] = head[mean]
        if let noise {
          code[index] += operation.posterior.deviation(head[mean + latent]) * noise.normal(index)
        }
      }
    }
  }

  public func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float) {
    let (head, codeGradient) = (elements(of: operation.head), elements(of: operation.codeGradient))
    let output = elements(of: operation.headGradient)
    let latent = operation.codeGradient.columns
    let weight = Double(klWeight)
    for row in 0..<operation.codeGradient.rows {
      for column in 0..<latent {
        let (index, mean) = (row * latent + column, 2 * row * latent + column)
        let (spread, gradient) = (head[mean + latent], codeGradient[index])
        let slope: Double
        let divergenceSlope: Double
        switch operation.posterior {
        case .logVariance:
          slope = 0.5 * exp(spread / 2)
          divergenceSlope = 0.5 * expm1(spread)
        case .sigma:
          slope = 1
          divergenceSlope =
            spread - spread / (spread * spread + Double(Posterior.logarithmGuard))
        }
        output[mean] = gradient + weight * head[mean]
        output[mean + latent] = weight * divergenceSlope
        // Without noise the code does not depend on the spread, however large its slope.
        if let noise { output[mean + latent] += gradient * slope * noise.normal(index) }
      }
    }
  }

  public func run(_ operation: KLDivergence) {
    let (head, divergence) = (elements(of: operation.head), elements(of: operation.divergence))
    let latent = operation.head.columns / 2
    for row in 0..<operation.head.rows {
      var sum = 0.0
      for column in 0..<latent {
        let mean = 2 * row * latent + column
        sum += operation.posterior.divergence(mean: head[mean], spread: head[mean + latent])
      }
      divergence[row] = sum
    }
  }

  public func run(_ operation: ReconstructionLoss) {
    let (logits, target) = (elements(of: operation.logits), elements(of: operation.target))
    let loss = elements(of: operation.loss)
    let columns = operation.logits.columns
    for row in 0..<operation.logits.rows {
      var sum = 0.0
      for index in row * columns..<(row + 1) * columns {
        sum += operation.likelihood.loss(logit: logits[index], target: target[index])
      }
      loss[row] = sum
    }
  }

  public func run(_ operation: ReconstructionLossGradient) {
    run(operation.loss)
    let logits = elements(of: operation.loss.logits)
    let target = elements(of: operation.loss.target)
    let gradient = elements(of: operation.gradient)
    for index in 0..<logits.count {
      gradient[index] =
        Double(operation.scale)
        * operation.loss.likelihood.gradient(logit: logits[index], target: target[index])
    }
  }

  public func run(_ operation: SumRows, output: Tensor) {
    precondition(output.count == operation.input.rows, "sum rows: one sum a row")
    let (input, sums) = (elements(of: operation.input), elements(of: output))
    let columns = operation.input.columns
    for row in 0..<operation.input.rows {
      sums[row] = input[row * columns..<(row + 1) * columns].reduce(0, +)
    }
  }
}
