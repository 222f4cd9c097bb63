/// An elementwise nonlinearity. The raw values are those of `Kernels/activation.h` and
/// `CVectorMath.h`.
public enum Activation: Int32, Sendable, CaseIterable {
  /// a
  case identity = 0
  /// max(a, 0); its derivative at 0 is 0.
  case relu = 1
  /// tanh a
  case tanh = 2
  /// σ(a) = 1/(1 + e⁻ᵃ)
  case sigmoid = 3
  /// ln(1 + eᵃ)
  case softplus = 4
  /// a for a > 0, else eᵃ − 1 (Clevert et al. 2015, α = 1)
  case elu = 5
  /// a·σ(a) (Hendrycks and Gimpel 2016)
  case silu = 6

  /// Whether the derivative is computed from the activation's argument rather than from its value.
  ///
  /// All but SiLU are monotonic and give their derivative from the value: ReLU y > 0, tanh 1 − y²,
  /// sigmoid y(1 − y), softplus 1 − e⁻ʸ, ELU 1 or y + 1. SiLU a's is σ(a)·(1 + a·(1 − σ(a))).
  public var derivativeNeedsArgument: Bool { self == .silu }
}

/// What the second half of the encoder's output means: the posterior's spread per latent dimension.
public enum Posterior: Int32, Sendable, CaseIterable {
  /// γ = ln σ²; z = μ + e^{γ/2}·ε (Kingma and Welling 2013, appendix B).
  /// KL = ½·Σ(μ² + e^γ − γ − 1).
  case logVariance = 0
  /// σ itself, of either sign; z = μ + σ·ε.
  /// KL = ½·Σ(μ² + σ² − ln(σ² + 10⁻¹⁰) − 1).
  case sigma = 1

  /// Added to σ² inside the logarithm of the `sigma` head's KL term.
  public static let logarithmGuard: Float = 1e-10
}

/// How the decoder's output a (before any nonlinearity) describes a pixel x in [0, 1]. What is minimized is
/// summed over the pixels.
public enum Likelihood: Int32, Sendable, CaseIterable {
  /// −ln p(x) = max(a, 0) − a·x + ln(1 + e^{−|a|}) nats; gradient σ(a) − x.
  case bernoulli = 0
  /// (σ(a) − x)²; gradient 2(σ(a) − x)·σ(a)·(1 − σ(a)). Not a density: no unit.
  case squaredError = 1
}

/// What `RandomFill` writes.
public enum Distribution: Int32, Sendable, CaseIterable {
  /// N(0, 1), by `BoxMuller` from two words each: words (w₀, w₁, w₂, w₃) become normals (0…3).
  case normal = 0
  /// Uniform on [0, 1): ⌊w/2⁸⌋·2⁻²⁴.
  case uniform = 1
  /// The generator's words, each as two exact floats: its low half, then its high half.
  /// Element 2i and 2i + 1 belong to word i.
  case words = 2
}
