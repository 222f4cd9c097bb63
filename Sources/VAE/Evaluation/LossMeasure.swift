import Backend

extension ModelConfiguration {
  /// What a loss is measured in: of a plain autoencoder the reconstruction's alone.
  public var lossUnit: String {
    encoderForm == .deterministic ? likelihood.reconstructionUnit : likelihood.unit
  }
}

extension Likelihood {
  /// What a reconstruction's loss is measured in.
  public var reconstructionUnit: String { self == .squaredError ? "squared error" : "nats" }

  /// What a loss, reconstruction and KL divergence together, is measured in.
  public var unit: String {
    self == .squaredError ? "squared error + nats of KL" : "nats"
  }
}

/// What a loss is the loss of: losses of unlike measures cannot be compared, though both be in nats.
public struct LossMeasure: Hashable, Sendable, CustomStringConvertible {
  private let model: ModelConfiguration
  private let binarization: Binarization?

  /// The measure of the losses of `model`.
  public init(_ model: ModelConfiguration, binarization: Binarization?) {
    self.model = model
    self.binarization = binarization
  }

  /// Whether a difference of two losses of one data set says something.
  ///
  /// Densities of the same pixels can be compared, whatever their variances. A probability of black and white
  /// pixels, a cross entropy of grey ones, a density and an error without a unit cannot, nor a loss with a KL
  /// term and one without, nor ln p(x|y) of images whose labels are given and ln p(x).
  public func isComparable(with other: LossMeasure) -> Bool { description == other.description }

  /// What would make losses of both comparable, where they are not.
  public func remedy(beside other: LossMeasure) -> String {
    if (model.encoderForm == .deterministic) != (other.model.encoderForm == .deterministic) {
      return "take two that both have a KL term, or both none, as plain autoencoders do"
    }
    if (model.classes == nil) != (other.model.classes == nil) {
      return "take two that are both conditional, or both not"
    }
    return "train both with likelihoods and pixels of one kind"
  }

  /// In words: `a probability of binarized pixels, nats`.
  public var description: String {
    let pixels = binarization == nil ? "grey pixels" : "binarized pixels"
    let measure =
      switch model.likelihood {
      case .bernoulli where binarization == nil: "a cross entropy of \(pixels), nats"
      case .bernoulli: "a probability of \(pixels), nats"
      case .squaredError: "a squared error of \(pixels), no unit"
      case .gaussian, .gaussianLearned, .gaussianDiagonal: "a density of \(pixels), nats"
      }
    return measure + (model.classes == nil ? "" : ", given their label")
      + (model.encoderForm == .deterministic ? ", without a KL term" : "")
  }
}
