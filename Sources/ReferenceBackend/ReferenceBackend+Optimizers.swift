import Backend

extension ReferenceBackend {
  public func run(_ operation: SumSquares) {
    let (input, sums) = (elements(of: operation.input), elements(of: operation.sums))
    for block in 0..<sums.count {
      sums[block] = SumSquares.elements(ofBlock: block, of: input.count).reduce(0) {
        $0 + input[$1] * input[$1]
      }
    }
  }

  public func run(_ operation: ClipByNorm, squaredNorm: Tensor) {
    let tensor = elements(of: operation.tensor)
    let norm = elements(of: squaredNorm)[0].squareRoot()
    guard norm > Double(operation.limit) else { return }
    for index in 0..<tensor.count { tensor[index] *= Double(operation.limit) / norm }
  }

  public func run(_ operation: AdamUpdate, rate: AdamUpdate.Rate) {
    let (parameters, gradients) = (
      elements(of: operation.parameters), elements(of: operation.gradients)
    )
    let (first, second) = (
      elements(of: operation.firstMoment), elements(of: operation.secondMoment)
    )
    let (beta1, beta2) = (Double(operation.beta1), Double(operation.beta2))
    for index in 0..<parameters.count {
      let gradient = gradients[index]
      first[index] = beta1 * first[index] + (1 - beta1) * gradient
      second[index] = beta2 * second[index] + (1 - beta2) * gradient * gradient
      let step =
        Double(rate.stepSize) * first[index]
        / (second[index].squareRoot() * Double(rate.inverseRootCorrection)
          + Double(operation.epsilon))
      parameters[index] = Double(rate.retention) * parameters[index] - step
    }
  }

  public func run(_ operation: MomentumUpdate, learningRate: Float) {
    let (parameters, gradients) = (
      elements(of: operation.parameters), elements(of: operation.gradients)
    )
    let velocity = elements(of: operation.velocity)
    for index in 0..<parameters.count {
      velocity[index] = Double(operation.momentum) * velocity[index] + gradients[index]
      parameters[index] -= Double(learningRate) * velocity[index]
    }
  }
}
