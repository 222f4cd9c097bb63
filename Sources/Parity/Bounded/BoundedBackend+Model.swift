import Backend

extension BoundedBackend {
  func run(_ operation: Reparameterize, noise: Noise?) {
    let (head, latent) = (self[operation.head], operation.code.columns)
    fill(operation.code) { index in
      let position = index / latent * 2 * latent + index % latent
      guard let noise else { return head[position] }
      return head[position] + operation.posterior.boundedDeviation(head[position + latent])
        * noise.boundedNormal(index)
    }
  }

  func run(_ operation: ReparameterizeGradient, noise: Noise?, klWeight: Float) {
    let (head, latent) = (self[operation.head], operation.codeGradient.columns)
    let codeGradient = self[operation.codeGradient]
    let weight = Bounded(klWeight)
    fill(operation.headGradient) { index in
      let (row, column) = (index / (2 * latent), index % (2 * latent))
      let element = row * latent + column % latent
      return column < latent
        ? codeGradient[element] + weight * head[index]
        : operation.posterior.boundedGradient(
          spread: head[index], codeGradient: codeGradient[element],
          draw: noise?.boundedNormal(element), weight: weight)
    }
  }

  func run(_ operation: KLDivergence) {
    let (head, latent) = (self[operation.head], operation.head.columns / 2)
    fill(operation.divergence) { row in
      var sum = BoundedSum()
      for position in row * 2 * latent..<row * 2 * latent + latent {
        operation.posterior.addDivergence(
          mean: head[position], spread: head[position + latent], to: &sum)
      }
      return sum.total.half
    }
  }

  func run(_ operation: LatentDivergence) {
    let (head, latent) = (self[operation.head], operation.divergence.count)
    fill(operation.divergence) { column in
      var sum = BoundedSum()
      for row in 0..<operation.head.rows {
        let position = row * 2 * latent + column
        operation.posterior.addDivergence(
          mean: head[position], spread: head[position + latent], to: &sum)
      }
      return sum.total.half / Bounded(exactly: Double(operation.head.rows))
    }
  }

  func run(_ operation: FreeBitsGradient, klWeight: Float) {
    let (head, gradient) = (self[operation.head], self[operation.headGradient])
    let (divergence, latent) = (self[operation.divergence], operation.divergence.count)
    let weight = Bounded(klWeight)
    fill(operation.headGradient) { index in
      guard divergence[index % latent].value > Double(operation.minimum) else {
        return gradient[index]
      }
      let slope =
        index % (2 * latent) < latent
        ? head[index] : operation.posterior.boundedDivergenceSlope(head[index])
      return gradient[index] + weight * slope
    }
  }

  func run(_ operation: ReconstructionLoss) {
    let (logits, target) = (self[operation.logits], self[operation.target])
    let columns = operation.target.columns
    let terms = operation.boundedTerms(
      parameter: operation.variance.parameter.map { self[$0][0] })
    fill(operation.loss) { row in
      var sum = BoundedSum()
      for column in 0..<columns {
        let target = target[row * columns + column]
        if operation.likelihood == .gaussianDiagonal {
          let index = 2 * row * columns + column
          GaussianBounds(logits[index], logits[index + columns], target).addLoss(to: &sum)
        } else {
          operation.likelihood.addLoss(
            logit: logits[row * columns + column], target: target, to: &sum)
        }
      }
      return terms.map { $0.weight * sum.total + $0.constant } ?? sum.total
    }
  }

  func run(_ operation: ReconstructionLossGradient) {
    let loss = operation.loss
    run(loss)
    let (logits, target) = (self[loss.logits], self[loss.target])
    let columns = loss.target.columns
    let scale = Bounded(operation.scale)
    if loss.likelihood == .gaussianDiagonal {
      return fill(operation.gradient) { index in
        let (row, column) = (index / (2 * columns), index % columns)
        let logit = 2 * row * columns + column
        let term = GaussianBounds(
          logits[logit], logits[logit + columns], target[row * columns + column])
        return scale * (index == logit ? term.logitGradient : term.parameterGradient)
      }
    }
    let terms = loss.boundedTerms(parameter: loss.variance.parameter.map { self[$0][0] })
    let factor = terms.map { scale * $0.weight } ?? scale
    fill(operation.gradient) { index in
      factor
        * loss.likelihood.boundedGradient(logit: logits[index], target: target[index])
    }
  }

  func run(_ operation: VarianceGradient) {
    let parameter = self[operation.parameter][0]
    let expected =
      Bounded(exactly: 0.5 * Double(operation.pixels))
      * (Bounded(exactly: 1) + (.logarithmOfTwoPi + PixelVariance.boundedLogVariance(parameter)))
    var sum = BoundedSum()
    for loss in self[operation.loss] { sum.add(expected - loss) }
    let total = sum.total
    fill(operation.gradient) { _ in
      Bounded(operation.scale) * PixelVariance.boundedSlope(parameter) * total
    }
  }

  func run(_ operation: SumRows, output: Tensor) {
    let (input, columns) = (self[operation.input], operation.input.columns)
    fill(output) { row in
      var sum = BoundedSum()
      for index in row * columns..<(row + 1) * columns { sum.add(input[index]) }
      return sum.total
    }
  }

  func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) {
    let gradients = self[operation.gradients]
    var parameters = self[operation.parameters]
    var (firsts, seconds) = (self[operation.firstMoment], self[operation.secondMoment])
    let one = Bounded(exactly: 1)
    let (beta1, beta2) = (Bounded(operation.beta1), Bounded(operation.beta2))
    let correction = Bounded(rate.inverseRootCorrection)
    for (index, gradient) in gradients.enumerated() {
      firsts[index] = beta1 * firsts[index] + (one - beta1) * gradient
      seconds[index] = beta2 * seconds[index] + (one - beta2) * gradient * gradient
      let scale = seconds[index].squareRoot * correction + Bounded(operation.epsilon)
      // A root is not negative, in whatever doubt the gradient leaves it, and rounding keeps an order.
      let step = Bounded(rate.stepSize) * firsts[index]
      // Without decay θ is taken as it is.
      let kept =
        rate.retention == 1
        ? parameters[index] : Bounded(rate.retention) * parameters[index]
      parameters[index] = kept - step.divided(by: scale, atLeast: Double(operation.epsilon))
    }
    set(operation.firstMoment, to: firsts)
    set(operation.secondMoment, to: seconds)
    set(operation.parameters, to: parameters)
  }

  func run(_ operation: MomentumUpdate, learningRate: Float) {
    let gradients = self[operation.gradients]
    let velocities = zip(self[operation.velocity], gradients).map {
      Bounded(operation.momentum) * $0 + $1
    }
    let parameters = zip(self[operation.parameters], velocities).map {
      $0 - Bounded(learningRate) * $1
    }
    set(operation.velocity, to: velocities)
    set(operation.parameters, to: parameters)
  }
}
