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
        switch operation.posterior {
        case .logVariance: slope = 0.5 * exp(spread / 2)
        case .sigma: slope = 1
        }
        output[mean] = gradient + weight * head[mean]
        output[mean + latent] = weight * operation.posterior.divergenceSlope(spread)
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

  public func run(_ operation: LatentDivergence) {
    let (head, divergence) = (elements(of: operation.head), elements(of: operation.divergence))
    let (rows, latent) = (operation.head.rows, operation.divergence.count)
    for column in 0..<latent {
      var sum = 0.0
      for mean in stride(from: column, to: rows * 2 * latent, by: 2 * latent) {
        sum += operation.posterior.divergence(mean: head[mean], spread: head[mean + latent])
      }
      divergence[column] = sum / Double(rows)
    }
  }

  public func run(_ operation: FreeBitsGradient, klWeight: Float) {
    let (head, divergence) = (elements(of: operation.head), elements(of: operation.divergence))
    let gradient = elements(of: operation.headGradient)
    let (weight, latent) = (Double(klWeight), operation.divergence.count)
    for column in 0..<latent where divergence[column] > Double(operation.minimum) {
      for mean in stride(from: column, to: head.count, by: 2 * latent) {
        gradient[mean] += weight * head[mean]
        gradient[mean + latent] +=
          weight * operation.posterior.divergenceSlope(head[mean + latent])
      }
    }
  }

  public func run(_ operation: ReconstructionLoss) {
    if operation.likelihood == .gaussianDiagonal {
      return run(operation, scale: 0, gradient: nil)
    }
    let (logits, target) = (elements(of: operation.logits), elements(of: operation.target))
    let loss = elements(of: operation.loss)
    let columns = operation.logits.columns
    let terms = operation.squaredErrorTerms(parameter: parameter(of: operation))
    for row in 0..<operation.logits.rows {
      var sum = 0.0
      for index in row * columns..<(row + 1) * columns {
        sum += operation.likelihood.loss(logit: logits[index], target: target[index])
      }
      loss[row] = terms.weight * sum + terms.constant
    }
  }

  /// The diagonal Gaussian's loss, and its gradient if it is wanted, which may take the logits' place.
  private func run(_ operation: ReconstructionLoss, scale: Double, gradient: Tensor?) {
    let (logits, target) = (elements(of: operation.logits), elements(of: operation.target))
    let (loss, gradient) = (elements(of: operation.loss), gradient.map { elements(of: $0) })
    let columns = operation.target.columns
    for row in 0..<operation.target.rows {
      var sum = 0.0
      for column in 0..<columns {
        let logit = 2 * row * columns + column
        let term = Likelihood.diagonalGaussian(
          logit: logits[logit], parameter: logits[logit + columns],
          target: target[row * columns + column])
        sum += term.loss
        gradient?[logit] = scale * term.logitGradient
        gradient?[logit + columns] = scale * term.parameterGradient
      }
      loss[row] = sum
    }
  }

  /// s, where the variance is learned.
  private func parameter(of operation: ReconstructionLoss) -> Double {
    operation.variance.parameter.map { elements(of: $0)[0] } ?? 0
  }

  public func run(_ operation: ReconstructionLossGradient) {
    if operation.loss.likelihood == .gaussianDiagonal {
      return run(operation.loss, scale: Double(operation.scale), gradient: operation.gradient)
    }
    run(operation.loss)
    let (weight, _) = operation.loss.squaredErrorTerms(parameter: parameter(of: operation.loss))
    let logits = elements(of: operation.loss.logits)
    let target = elements(of: operation.loss.target)
    let gradient = elements(of: operation.gradient)
    for index in 0..<logits.count {
      gradient[index] =
        Double(operation.scale) * weight
        * operation.loss.likelihood.gradient(logit: logits[index], target: target[index])
    }
  }

  public func run(_ operation: VarianceGradient) {
    let parameter = elements(of: operation.parameter)[0]
    let pixels = Double(operation.pixels)
    let expected =
      0.5 * pixels * (1 + log(2 * Double.pi) + PixelVariance.logVariance(parameter))
    let sum = elements(of: operation.loss).reduce(0) { $0 + (expected - $1) }
    elements(of: operation.gradient)[0] =
      Double(operation.scale) * PixelVariance.slope(parameter) * sum
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
