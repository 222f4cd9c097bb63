// The choices that a graph makes, with the word by which the command line and files know each. Kernels
// and C functions know a case by its `code`, its place in the list.

/// A choice that kernels switch on.
public protocol KernelSwitch: RawRepresentable<String>, CaseIterable, Codable, Sendable, Hashable {}

extension KernelSwitch {
  /// The number of the case in `Kernels` and `CVectorMath`: its place in the declaration.
  public var code: Int32 {
    var code: Int32 = 0
    for candidate in Self.allCases {
      if candidate == self { break }
      code += 1
    }
    return code
  }
}

/// An elementwise nonlinearity.
public enum Activation: String, KernelSwitch {
  /// a
  case identity
  /// max(a, 0); its derivative at 0 is 0.
  case relu
  /// tanh a
  case tanh
  /// σ(a) = 1/(1 + e⁻ᵃ)
  case sigmoid
  /// ln(1 + eᵃ)
  case softplus
  /// a for a > 0, else eᵃ − 1 (Clevert et al. 2015, α = 1)
  case elu
  /// a·σ(a) (Hendrycks and Gimpel 2016)
  case silu

  /// Whether the derivative is computed from the activation's argument rather than from its value.
  ///
  /// All but SiLU are monotonic and give their derivative from the value: ReLU y > 0, tanh 1 − y²,
  /// sigmoid y(1 − y), softplus 1 − e⁻ʸ, ELU 1 or y + 1. SiLU's at a is σ(a)·(1 + a·(1 − σ(a))).
  public var derivativeNeedsArgument: Bool { self == .silu }
}

/// What the second half of the encoder's output means: the posterior's spread per latent dimension.
public enum Posterior: String, KernelSwitch {
  /// γ = ln σ²; z = μ + e^{γ/2}·ε (Kingma and Welling 2013, appendix B).
  /// KL = ½·Σ(μ² + e^γ − γ − 1).
  case logVariance = "log-variance"
  /// σ itself, of either sign; z = μ + σ·ε.
  /// KL = ½·Σ(μ² + σ² − ln(σ² + 10⁻¹⁰) − 1).
  case sigma

  /// Added to σ² inside the logarithm of the `sigma` head's KL term.
  public static let logarithmGuard: Float = 1e-10
}

/// How the decoder's output a, before any nonlinearity, describes a pixel x in [0, 1]. What is
/// minimized is summed over the pixels.
///
/// The Gaussians' mean is y = σ(a): a pixel's lies in [0, 1] (Kingma and Welling 2013, section 5; Rybkin
/// et al. 2021). Their losses are −ln of a density with respect to x, the constant included, in nats.
public enum Likelihood: String, KernelSwitch {
  /// −ln p(x) = max(a, 0) − a·x + ln(1 + e^{−|a|}) nats; gradient σ(a) − x. A probability where x is 0 or 1;
  /// of grey pixels the cross entropy, not a density.
  case bernoulli
  /// (σ(a) − x)²; gradient 2(σ(a) − x)·σ(a)·(1 − σ(a)). Not a density: no unit.
  case squaredError = "squared-error"
  /// ½(ln 2πσ² + (y − x)²/σ²), σ² given.
  case gaussian
  /// The same with one σ² for all pixels, learned by gradient: the σ-VAE of Rybkin et al. (2021,
  /// "Simple and effective VAE training with calibrated decoders"). ln σ² is `PixelVariance`'s.
  case gaussianLearned = "gaussian-learned"
  /// The same with a σ² for every pixel: the decoder's output is a, then s, 2·D numbers a row; ln σ² is
  /// `PixelVariance`'s of s.
  case gaussianDiagonal = "gaussian-diagonal"

  /// The decoder's numbers for a pixel.
  public var outputsPerPixel: Int { self == .gaussianDiagonal ? 2 : 1 }
}

/// What `RandomFill` writes.
public enum Distribution: String, KernelSwitch {
  /// N(0, 1), by `BoxMuller` from two words each: words (w₀, w₁, w₂, w₃) become normals (0…3).
  case normal
  /// Uniform on [0, 1): ⌊w/2⁸⌋·2⁻²⁴.
  case uniform
  /// The generator's words, each as two exact floats: its low half, then its high half.
  /// Elements 2i and 2i + 1 belong to word i.
  case words
}
