/// z = μ + σ·ε (Kingma and Welling 2013, section 2.4).
///
/// ε is element `row·L + column` of a `Noise`, given when the operation runs and never stored; without
/// noise z = μ.
public struct Reparameterize: Operation {
  /// `reparameterize`
  public static let name = "reparameterize"
  /// The encoder's output, M×2L: μ, then γ or σ.
  public let head: Tensor
  /// What the second half means.
  public let posterior: Posterior
  /// z, M×L.
  public let code: Tensor

  /// Checks that the shapes fit.
  public init(head: Tensor, posterior: Posterior, code: Tensor) {
    precondition(
      head.rows == code.rows && head.columns == 2 * code.columns, "reparameterize: head is M×2L")
    self.head = head
    self.posterior = posterior
    self.code = code
  }

  /// M×2L
  public var shapes: String { "\(head)" }
}

/// Back through `Reparameterize` and the KL term at once:
/// dμ = dz + w·μ; dγ = dz·½e^{γ/2}·ε + w·½(e^γ − 1), or dσ = dz·ε + w·(σ − σ/(σ² + 10⁻¹⁰)).
public struct ReparameterizeGradient: Operation {
  /// `reparameterize gradient`
  public static let name = "reparameterize gradient"
  /// The encoder's output, M×2L.
  public let head: Tensor
  /// What its second half means.
  public let posterior: Posterior
  /// dz, M×L.
  public let codeGradient: Tensor
  /// dμ, then dγ or dσ: M×2L.
  public let headGradient: Tensor

  /// Checks that the shapes fit.
  public init(head: Tensor, posterior: Posterior, codeGradient: Tensor, headGradient: Tensor) {
    precondition(
      head.rows == codeGradient.rows && head.columns == 2 * codeGradient.columns
        && headGradient.rows == head.rows && headGradient.columns == head.columns,
      "reparameterize gradient: head is M×2L, dz M×L")
    self.head = head
    self.posterior = posterior
    self.codeGradient = codeGradient
    self.headGradient = headGradient
  }

  /// M×2L
  public var shapes: String { "\(head)" }
}

/// KL(q(z|x) ‖ N(0, I)) of each example in nats, by the formula at `Posterior`.
public struct KLDivergence: Operation {
  /// `kl divergence`
  public static let name = "kl divergence"
  /// The encoder's output, M×2L.
  public let head: Tensor
  /// What its second half means.
  public let posterior: Posterior
  /// M values.
  public let divergence: Tensor

  /// Checks that the shapes fit.
  public init(head: Tensor, posterior: Posterior, divergence: Tensor) {
    precondition(divergence.count == head.rows, "kl divergence: one value an example")
    precondition(head.columns % 2 == 0, "kl divergence: head is M×2L")
    self.head = head
    self.posterior = posterior
    self.divergence = divergence
  }

  /// M×2L
  public var shapes: String { "\(head)" }
}

/// The KL divergence of each latent dimension from N(0, 1), averaged over a batch's examples, in nats.
public struct LatentDivergence: Operation {
  /// `kl per dimension`
  public static let name = "kl per dimension"
  /// The encoder's output, M×2L.
  public let head: Tensor
  /// What its second half means.
  public let posterior: Posterior
  /// L values.
  public let divergence: Tensor

  /// Checks that the shapes fit.
  public init(head: Tensor, posterior: Posterior, divergence: Tensor) {
    precondition(head.rows > 0, "kl per dimension: an average needs an example")
    precondition(head.columns == 2 * divergence.count, "kl per dimension: head is M×2L")
    self.head = head
    self.posterior = posterior
    self.divergence = divergence
  }

  /// M×2L
  public var shapes: String { "\(head)" }
}

/// Adds the gradient of w·Σⱼ max(λ, KLⱼ) to the head's, KLⱼ being a batch's average (free bits: Kingma et
/// al. 2016, "Improved variational inference with inverse autoregressive flow"): for the
/// dimensions above λ w·μ and w·½(e^γ − 1), or w·(σ − σ/(σ² + 10⁻¹⁰)); for the others nothing.
public struct FreeBitsGradient: Operation {
  /// `free bits gradient`
  public static let name = "free bits gradient"
  /// The encoder's output, M×2L.
  public let head: Tensor
  /// What its second half means.
  public let posterior: Posterior
  /// KLⱼ, L values.
  public let divergence: Tensor
  /// λ.
  public let minimum: Float
  /// M×2L, added to.
  public let headGradient: Tensor

  /// Checks that the shapes fit.
  public init(
    head: Tensor, posterior: Posterior, divergence: Tensor, minimum: Float, headGradient: Tensor
  ) {
    precondition(
      head.columns == 2 * divergence.count && headGradient.rows == head.rows
        && headGradient.columns == head.columns, "free bits gradient: head is M×2L, KL L")
    self.head = head
    self.posterior = posterior
    self.divergence = divergence
    self.minimum = minimum
    self.headGradient = headGradient
  }

  /// M×2L
  public var shapes: String { "\(head)" }
}

extension Reparameterize {
  /// Of each element of z a normal and σ·ε + μ, and e^{γ/2} for a log-variance; μ and γ read, z written.
  public var cost: OperationCost {
    let operations = OperationCost.normalOperations + (posterior == .logVariance ? 4 : 2)
    return OperationCost(operations: operations * code.count, elements: head.count + code.count)
  }
}

extension ReparameterizeGradient {
  /// Of each element of z a normal again, 2 for dμ, 10 for dγ or 7 for dσ; the head and dz read, the head's
  /// gradient written.
  public var cost: OperationCost {
    let operations = OperationCost.normalOperations + 2 + (posterior == .logVariance ? 10 : 7)
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
