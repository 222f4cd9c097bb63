/// The parameter gradients of dense layers and a step of Adam with them, in one: a backend may spend each
/// piece of a gradient while it is in a cache or in registers.
///
/// Parameters and moments change exactly where one of the gradients lies. What the gradients' own tensors
/// hold afterwards is unspecified.
public struct DenseUpdate: Operation {
  /// `dense update`
  public static let name = "dense update"
  /// The gradients, each within `adam.gradients`.
  public let gradients: [DenseParameterGradient]
  /// The step, on the elements of its tensors that stand where `gradients` do.
  public let adam: AdamUpdate

  /// Checks that the gradients are Adam's.
  public init(gradients: [DenseParameterGradient], adam: AdamUpdate) {
    let region = adam.gradients.range
    for gradient in gradients {
      for tensor in [gradient.weightGradient, gradient.biasGradient] {
        precondition(
          region.lowerBound <= tensor.range.lowerBound
            && tensor.range.upperBound <= region.upperBound,
          "dense update: every gradient lies in Adam's")
      }
    }
    self.gradients = gradients
    self.adam = adam
  }

  /// Every layer's (M×K)ᵀ · M×N
  public var shapes: String { gradients.map(\.shapes).joined(separator: ", ") }

  /// Adam's step on the parameters of `gradient` alone.
  public func adam(for gradient: Tensor) -> AdamUpdate {
    func part(of tensor: Tensor) -> Tensor {
      Tensor(
        offset: tensor.offset + gradient.offset - adam.gradients.offset, rows: gradient.rows,
        columns: gradient.columns)
    }
    return AdamUpdate(
      parameters: part(of: adam.parameters), gradients: gradient,
      firstMoment: part(of: adam.firstMoment), secondMoment: part(of: adam.secondMoment),
      beta1: adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon)
  }
}

extension DenseUpdate {
  /// What it leaves behind: moments and parameters, layer by layer.
  package var results: [Tensor] {
    gradients.flatMap { [$0.weightGradient, $0.biasGradient] }.flatMap { gradient in
      let adam = adam(for: gradient)
      return [adam.firstMoment, adam.secondMoment, adam.parameters]
    }
  }
}

extension Backend {
  /// One operation after the other.
  public func run(_ operation: DenseUpdate, rate: AdamUpdate.Rate) {
    for gradient in operation.gradients {
      run(gradient)
      run(operation.adam(for: gradient.weightGradient), rate: rate)
      run(operation.adam(for: gradient.biasGradient), rate: rate)
    }
  }
}

extension DenseUpdate {
  /// Of each layer 2·M·K·N with X and Δ read, and Adam's 13 a parameter with θ, m and v read and written;
  /// the gradients need never be in memory.
  public var cost: OperationCost {
    gradients.reduce(.zero) { sum, gradient in
      let parameters = gradient.weightGradient.count + gradient.biasGradient.count
      return sum + gradient.productCost
        + OperationCost(
          operations: OperationCost.adamOperations * parameters, elements: 6 * parameters)
    }
  }
}
