/// The lower bound of ln p(x) that training raises, by the draws of z an image that estimate it.
public enum Bound: Codable, Hashable, Sendable {
  /// The ELBO (Kingma and Welling 2013): the reconstruction averaged over the draws, the KL divergence in
  /// closed form.
  case evidence(samples: Int)
  /// E ln(1/K·Σ p(x|z)·p(z)/q(z|x)) over K draws (Burda et al. 2016), never below the ELBO and the tighter
  /// the larger K. With K = 1 it is the ELBO, its KL divergence estimated by the one draw.
  case importanceWeighted(samples: Int)

  /// Draws of z an image and step.
  public var samples: Int {
    switch self {
    case .evidence(let samples), .importanceWeighted(let samples): samples
    }
  }

  /// K of the importance-weighted bound; `nil` for the ELBO.
  public var importanceSamples: Int? {
    if case .importanceWeighted(let samples) = self { samples } else { nil }
  }

  /// The most draws of an image.
  public static let maximumSamples = 1 << 16

  /// Checks that the number of draws makes sense, and goes with the rest of the training.
  func validate(with training: TrainingConfiguration) throws(ConfigurationError) {
    guard (1...Self.maximumSamples).contains(samples) else {
      throw .outOfRange(
        "draws of z an image", value: "\(samples)", allowed: "1 to \(Self.maximumSamples)")
    }
    guard case .importanceWeighted = self else { return }
    if training.beta != 1 || training.betaSchedule != nil || training.freeBits != nil {
      throw .conflict(
        "importance weights are ratios of densities, in which β is 1 throughout and no bits are free; leave "
          + "out one or the other")
    }
  }

  /// Checks that a model has what is asked for.
  func validate(for model: ModelConfiguration) throws(ConfigurationError) {
    if model.encoderForm == .deterministic {
      throw .conflict("a plain autoencoder draws no z; train it without a number of draws")
    }
    if case .importanceWeighted = self, model.likelihood == .squaredError {
      throw .conflict(
        "importance weights need a likelihood that is a density, which squared-error is not; choose "
          + "another --likelihood, or average over draws with --samples")
    }
  }
}

extension TrainingConfiguration {
  /// The room that steps of `batch` examples need beside a plain pass.
  public func workspace(batch: Int) -> Workspace {
    Workspace(codes: bound.map { $0.samples * batch })
  }
}
