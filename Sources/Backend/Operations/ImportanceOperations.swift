/// ln q(z|x) − ln p(z) of each example in nats, at the z = μ + σ·ε that `Reparameterize` draws with the
/// same noise: what an importance weight takes in place of the KL divergence, which is its mean.
///
/// With d = μ + (σ − 1)·ε, which is z − ε, it is Σ(½d·(d + 2ε) − ½ln σ²): neither z² − ε² near the prior
/// nor (z − μ)/σ loses digits. σ is e^{γ/2} and σ − 1 its `expm1`; for the `sigma` head, whose density is
/// that of |σ|, ln σ² is ln(σ² + 10⁻¹⁰) as in its KL term.
public struct SampledDivergence: Operation {
  /// `sampled divergence`
  public static let name = "sampled divergence"
  /// The encoder's output, M×2L: μ, then γ or σ.
  public let head: Tensor
  /// What its second half means.
  public let posterior: Posterior
  /// M values.
  public let divergence: Tensor

  /// Checks that the shapes fit.
  public init(head: Tensor, posterior: Posterior, divergence: Tensor) {
    precondition(divergence.count == head.rows, "sampled divergence: one value an example")
    precondition(head.columns % 2 == 0, "sampled divergence: head is M×2L")
    self.head = head
    self.posterior = posterior
    self.divergence = divergence
  }

  /// M×2L
  public var shapes: String { "\(head)" }
}

/// Back through `Reparameterize` and, weighted by w of its row, `SampledDivergence`: the total
/// derivative, through z and through q's parameters.
///
/// With t = dz + w·z: dμ = t; dγ = ½(t·e^{γ/2}·ε − w), or dσ = t·ε − w·σ/(σ² + 10⁻¹⁰).
public struct SampledDivergenceGradient: Operation {
  /// `sampled divergence gradient`
  public static let name = "sampled divergence gradient"
  /// The encoder's output, M×2L.
  public let head: Tensor
  /// What its second half means.
  public let posterior: Posterior
  /// dz, M×L.
  public let codeGradient: Tensor
  /// w, M values.
  public let weights: Tensor
  /// dμ, then dγ or dσ: M×2L.
  public let headGradient: Tensor

  /// Checks that the shapes fit.
  public init(
    head: Tensor, posterior: Posterior, codeGradient: Tensor, weights: Tensor, headGradient: Tensor
  ) {
    precondition(
      head.rows == codeGradient.rows && head.columns == 2 * codeGradient.columns
        && headGradient.rows == head.rows && headGradient.columns == head.columns,
      "sampled divergence gradient: head is M×2L, dz M×L")
    precondition(weights.count == head.rows, "sampled divergence gradient: one weight an example")
    self.head = head
    self.posterior = posterior
    self.codeGradient = codeGradient
    self.weights = weights
    self.headGradient = headGradient
  }

  /// M×2L
  public var shapes: String { "\(head)" }
}

/// What K draws of its code say together about each of B examples (Burda et al. 2016).
///
/// Draw k of an example, of reconstruction loss r and sampled divergence d, has the weight
/// w = e^{−(r + d)} = p(x|z)·p(z)/q(z|x). Against overflow all are taken relative to the largest: with
/// m = min(r + d), e = exp(m − (r + d)) and S = Σ e, the normalized weights are e/S and
///
///     −ln(1/K·Σ w) = m − ln(S/K)
///
/// whose gradient is Σ e/S·∇(r + d). It is given in two parts, as the ELBO is: R = Σ e/S·r, and the rest,
/// the divergence of the better posterior that resampling by the weights draws from (Cremer et al. 2017).
public struct ImportanceWeights: Operation {
  /// `importance weights`
  public static let name = "importance weights"
  /// r, B·K values, those of an example one behind the other.
  public let reconstruction: Tensor
  /// d, likewise.
  public let divergence: Tensor
  /// What the normalized weights are multiplied by: 1/B, for a loss averaged over the batch.
  public let scale: Float
  /// scale·e/S, likewise.
  public let weights: Tensor
  /// 2×B: R, then what is missing to −ln(1/K·Σ w).
  public let losses: Tensor

  /// Checks that the shapes fit.
  public init(
    reconstruction: Tensor, divergence: Tensor, scale: Float, weights: Tensor, losses: Tensor
  ) {
    precondition(
      divergence.count == reconstruction.count && weights.count == reconstruction.count,
      "importance weights: r, d and the weights have one size")
    precondition(
      losses.rows == 2 && losses.columns > 0 && weights.count % losses.columns == 0
        && weights.count > 0,
      "importance weights: losses are 2×B, and every example has K draws")
    self.reconstruction = reconstruction
    self.divergence = divergence
    self.scale = scale
    self.weights = weights
    self.losses = losses
  }

  /// B.
  public var examples: Int { losses.columns }
  /// K.
  public var draws: Int { weights.count / losses.columns }

  /// B×K
  public var shapes: String { "\(examples)×\(draws)" }
}

extension SampledDivergence {
  /// Of each latent dimension a normal and 10 for ½d(d + 2ε) − ½γ and its sum, 13 for σ's; the head read,
  /// M values written.
  public var cost: OperationCost {
    let operations = OperationCost.normalOperations + (posterior == .logVariance ? 10 : 13)
    return OperationCost(
      operations: operations * head.count / 2, elements: head.count + divergence.count)
  }
}

extension SampledDivergenceGradient {
  /// Of each latent dimension a normal again and 9 for dμ and dγ, or 10 for dμ and dσ; the head, dz and w
  /// read, the head's gradient written.
  public var cost: OperationCost {
    let operations = OperationCost.normalOperations + (posterior == .logVariance ? 9 : 10)
    return OperationCost(
      operations: operations * codeGradient.count,
      elements: head.count + codeGradient.count + weights.count + headGradient.count)
  }
}

extension ImportanceWeights {
  /// Of each draw 8: r + d, the smallest, the difference to it, its exponential, S, the quotient, and R's
  /// product and sum; r and d read, the weights and 2·B values written.
  public var cost: OperationCost {
    OperationCost(
      operations: 8 * weights.count, elements: 3 * weights.count + losses.count)
  }
}
