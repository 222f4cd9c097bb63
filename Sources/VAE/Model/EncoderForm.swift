/// Which networks say what of the posterior q(z|x).
public enum EncoderForm: String, Codable, CaseIterable, Sendable {
  /// One network whose last layer has μ and the spread beside it.
  case joint
  /// A network for μ and another for the spread, without a parameter in common.
  case separate
  /// A network for μ alone, and z = μ: a plain autoencoder, the limit of vanishing variance. Its loss has no
  /// KL term, which would be infinite.
  case deterministic
}
