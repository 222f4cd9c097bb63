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

  func run(_ operation: ReconstructionLoss) {
    let (logits, target) = (self[operation.logits], self[operation.target])
    let columns = operation.logits.columns
    fill(operation.loss) { row in
      var sum = BoundedSum()
      for index in row * columns..<(row + 1) * columns {
        operation.likelihood.addLoss(logit: logits[index], target: target[index], to: &sum)
      }
      return sum.total
    }
  }

  func run(_ operation: ReconstructionLossGradient) {
    run(operation.loss)
    let (logits, target) = (self[operation.loss.logits], self[operation.loss.target])
    let scale = Bounded(operation.scale)
    fill(operation.gradient) { index in
      scale
        * operation.loss.likelihood.boundedGradient(logit: logits[index], target: target[index])
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
