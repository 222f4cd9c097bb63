/// The least that an operation takes: what a measured time is held against.
public struct OperationCost: Hashable, Codable, Sendable {
  /// Floating-point operations: each addition, multiplication, division, root, exponential and logarithm
  /// of the operation's formula is one. Of a matrix product only its 2·M·K·N multiplications and
  /// additions count, as is usual, and of random numbers not Philox's integers.
  public var operations: Int
  /// Bytes moved, in single precision: every input read once and every output written once.
  public var bytes: Int

  /// A cost.
  public init(operations: Int, bytes: Int) {
    self.operations = operations
    self.bytes = bytes
  }

  init(operations: Int, elements: Int) {
    self.init(operations: operations, bytes: elements * MemoryLayout<Float>.stride)
  }

  /// Nothing.
  public static let zero = OperationCost(operations: 0, bytes: 0)

  /// One after the other.
  public static func + (left: OperationCost, right: OperationCost) -> OperationCost {
    OperationCost(
      operations: left.operations + right.operations, bytes: left.bytes + right.bytes)
  }

  /// `count` times.
  public static func * (count: Int, cost: OperationCost) -> OperationCost {
    OperationCost(operations: count * cost.operations, bytes: count * cost.bytes)
  }
}

extension Gather {
  /// A division a pixel; a byte read and a number written a pixel, and the order's M indices.
  public var cost: OperationCost {
    let indices = order == nil ? 0 : output.rows * MemoryLayout<UInt32>.stride
    return OperationCost(operations: output.count, elements: output.count)
      + OperationCost(operations: 0, bytes: output.count + indices)
  }
}

extension Binarize {
  /// A multiplication to whole levels and a comparison a pixel; each read and written, and the order's M
  /// indices.
  public var cost: OperationCost {
    OperationCost(
      operations: 2 * images.count, elements: 2 * images.count + (order == nil ? 0 : images.rows))
  }
}

extension RandomFill {
  /// Box and Muller's 4 a normal, a multiplication a uniform number, none a word; all written.
  public var cost: OperationCost {
    let operations =
      switch distribution {
      case .normal: normalOperations
      case .uniform: 1
      case .words: 0
      }
    return OperationCost(operations: operations * output.count, elements: output.count)
  }
}

extension Corrupt {
  /// Of each pixel a normal's 4 and σ·ε + x, or a multiplication; X read and X̃ written, and the order's M
  /// indices read.
  public var cost: OperationCost {
    let indices = order == nil ? 0 : output.rows * MemoryLayout<UInt32>.stride
    return OperationCost(
      operations: (corruption.kind == .gaussian ? normalOperations + 2 : 1) * output.count,
      elements: 2 * output.count) + OperationCost(operations: 0, bytes: indices)
  }
}

extension Dense {
  /// 2·M·K·N; X, W and b read, Y written.
  public var cost: OperationCost {
    OperationCost(
      operations: 2 * output.count * input.columns,
      elements: input.count + weights.count + bias.count + output.count)
  }
}

extension DenseInputGradient {
  /// 2·M·K·N; Δ, W and, but for the identity, s read, G written.
  public var cost: OperationCost {
    OperationCost(
      operations: 2 * outputGradient.count * weights.rows,
      elements: outputGradient.count + weights.count + inputGradient.count
        + (activation == .identity ? 0 : saved.count))
  }
}

extension DenseParameterGradient {
  /// 2·M·K·N; X and Δ read, dW and db written.
  public var cost: OperationCost {
    product + OperationCost(operations: 0, elements: weightGradient.count + biasGradient.count)
  }

  /// The same without dW and db, which a fused update need not write.
  fileprivate var product: OperationCost {
    OperationCost(
      operations: 2 * outputGradient.count * input.columns,
      elements: input.count + outputGradient.count)
  }
}

extension DenseUpdate {
  /// Of each layer 2·M·K·N with X and Δ read, and Adam's 13 a parameter with θ, m and v read and written;
  /// the gradients need never be in memory.
  public var cost: OperationCost {
    gradients.reduce(.zero) { sum, gradient in
      let parameters = gradient.weightGradient.count + gradient.biasGradient.count
      return sum + gradient.product
        + OperationCost(operations: adamOperations * parameters, elements: 6 * parameters)
    }
  }
}

extension Activate {
  /// A function an element, whichever; X read, Y written.
  public var cost: OperationCost {
    OperationCost(operations: input.count, elements: input.count + output.count)
  }
}

extension Reparameterize {
  /// Of each element of z a normal and σ·ε + μ, and e^{γ/2} for a log-variance; μ and γ read, z written.
  public var cost: OperationCost {
    let operations = normalOperations + (posterior == .logVariance ? 4 : 2)
    return OperationCost(operations: operations * code.count, elements: head.count + code.count)
  }
}

extension ReparameterizeGradient {
  /// Of each element of z a normal again, 2 for dμ, 10 for dγ or 7 for dσ; the head and dz read, the head's
  /// gradient written.
  public var cost: OperationCost {
    let operations = normalOperations + 2 + (posterior == .logVariance ? 10 : 7)
    return OperationCost(
      operations: operations * codeGradient.count,
      elements: head.count + codeGradient.count + headGradient.count)
  }
}

extension KLDivergence {
  /// Of each latent dimension 6 for ½(μ² + (e^γ − 1) − γ) and its sum, 9 for σ's; the head read, M values
  /// written.
  public var cost: OperationCost {
    OperationCost(
      operations: (posterior == .logVariance ? 6 : 9) * head.count / 2,
      elements: head.count + divergence.count)
  }
}

extension LatentDivergence {
  /// `KLDivergence`'s, and a division a dimension; the head read, L values written.
  public var cost: OperationCost {
    OperationCost(
      operations: (posterior == .logVariance ? 6 : 9) * head.count / 2 + divergence.count,
      elements: head.count + divergence.count)
  }
}

extension FreeBitsGradient {
  /// Of each latent dimension 2 for the mean's, 5 for γ's or 6 for σ's; the head, L values and the gradient
  /// read, the gradient written.
  public var cost: OperationCost {
    OperationCost(
      operations: (2 + (posterior == .logVariance ? 5 : 6)) * head.count / 2,
      elements: 3 * head.count + divergence.count)
  }
}

extension ReconstructionLoss {
  /// Of each pixel 7 for max(a, 0) − a·x + ln(1 + e^{−|a|}) and its sum, 6 for (σ(a) − x)², 5 more for v and
  /// 4 for ½(v + (y − x)²/σ²) where it has a variance of its own; of each row 2 for a Gaussian's factor and
  /// constant; logits and x read, M values written.
  public var cost: OperationCost {
    let (pixel, row) =
      switch likelihood {
      case .bernoulli: (7, 0)
      case .squaredError: (6, 0)
      case .gaussian, .gaussianLearned: (6, 2)
      case .gaussianDiagonal: (15, 2)
      }
    return OperationCost(
      operations: pixel * target.count + row * target.rows,
      elements: logits.count + target.count + loss.count
        + (variance.parameter == nil ? 0 : 1))
  }
}

extension ReconstructionLossGradient {
  /// The loss's, and of each pixel 4 for scale·(σ(a) − x), whose exponential is there, or 5 for the squared
  /// error's, whose σ(a) − x is, and 6 more for its variance's; the gradient written.
  public var cost: OperationCost {
    let pixel =
      switch loss.likelihood {
      case .bernoulli: 4
      case .squaredError, .gaussian, .gaussianLearned: 5
      case .gaussianDiagonal: 11
      }
    return loss.cost
      + OperationCost(operations: pixel * loss.target.count, elements: gradient.count)
  }
}

extension VarianceGradient {
  /// 2 an example, and 10 for v, its slope and the constants; M losses and s read, one number written.
  public var cost: OperationCost {
    OperationCost(operations: 2 * loss.count + 10, elements: loss.count + 2)
  }
}

extension SumRows {
  /// An addition an element; R·C read, R written.
  public var cost: OperationCost {
    OperationCost(operations: input.count, elements: input.count + input.rows)
  }
}

extension SumSquares {
  /// 2 an element; N read, a value a block written.
  public var cost: OperationCost {
    OperationCost(operations: 2 * input.count, elements: input.count + sums.count)
  }
}

extension ClipByNorm {
  /// Where it clips, a multiplication an element; x and ‖x‖² read, x written.
  public var cost: OperationCost {
    OperationCost(operations: tensor.count, elements: 2 * tensor.count + 1)
  }
}

extension AdamUpdate {
  /// 13 a parameter: 3 for m, 4 for v, 6 for θ; θ, g, m and v read, θ, m and v written.
  public var cost: OperationCost {
    OperationCost(operations: adamOperations * parameters.count, elements: 7 * parameters.count)
  }
}

extension MomentumUpdate {
  /// 4 a parameter; θ, g and v read, θ and v written.
  public var cost: OperationCost {
    OperationCost(operations: 4 * parameters.count, elements: 5 * parameters.count)
  }
}

/// ln, root, cosine or sine and multiplications of a pair of normals, by two.
let normalOperations = 4

private let adamOperations = 13
