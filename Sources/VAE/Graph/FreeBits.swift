import Backend

/// The KL term β·Σⱼ max(λ, KLⱼ) in place of β·Σⱼ KLⱼ, KLⱼ being latent dimension j's average over the batch
/// (Kingma et al. 2016): its gradient alone, since the losses that are reported stay the ELBO's.
package struct FreeBits: Sendable {
  let divergence: LatentDivergence
  let gradient: FreeBitsGradient

  init(
    minimum: Double, head: Tensor, posterior: Posterior, divergence: Tensor, headGradient: Tensor
  ) {
    self.divergence = LatentDivergence(head: head, posterior: posterior, divergence: divergence)
    gradient = FreeBitsGradient(
      head: head, posterior: posterior, divergence: divergence, minimum: Float(minimum),
      headGradient: headGradient)
  }

  /// KLⱼ, after a forward pass.
  package var divergences: Tensor { divergence.divergence }

  /// Σⱼ max(λ, KLⱼ).
  package func objective(divergences: [Double]) -> Double {
    divergences.reduce(0) { $0 + max(Double(gradient.minimum), $1) }
  }
}
