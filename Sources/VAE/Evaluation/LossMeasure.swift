import Backend

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
  private let likelihood: Likelihood
  private let binarization: Binarization?

  /// The measure of a model's losses.
  public init(_ likelihood: Likelihood, binarization: Binarization?) {
    self.likelihood = likelihood
    self.binarization = binarization
  }

  /// Whether a difference of two losses says something.
  ///
  /// Densities of the same pixels can be compared, whatever their variances. A probability of black and white
  /// pixels, a cross entropy of grey ones, a density and an error without a unit cannot.
  public func isComparable(with other: LossMeasure) -> Bool {
    description == other.description
  }

  /// In words: `a probability of binarized pixels, nats`.
  public var description: String {
    let pixels = binarization == nil ? "grey pixels" : "binarized pixels"
    return switch likelihood {
    case .bernoulli where binarization == nil: "a cross entropy of \(pixels), nats"
    case .bernoulli: "a probability of \(pixels), nats"
    case .squaredError: "a squared error of \(pixels), no unit"
    case .gaussian, .gaussianLearned, .gaussianDiagonal: "a density of \(pixels), nats"
    }
  }
}
