import Backend

extension ModelConfiguration {
  /// The `gaussian` likelihood's σ² where none is asked for.
  public static let usualVariance = 0.1

  /// The σ² that a `gaussian` likelihood may have: what is smaller is less than 8-bit pixels are worth by far,
  /// and the loss's factor ½/σ² and its gradient must fit single precision.
  public static let variances = 1e-6...1e6

  /// The parameters that belong to no layer: s of `PixelVariance`.
  var scalars: [String] { likelihood == .gaussianLearned ? ["log_variance_x"] : [] }

  /// Checks that σ² is there where it is needed, and only there.
  func validateVariance() throws(ConfigurationError) {
    guard likelihood == .gaussian else {
      if variance != nil {
        throw .conflict(
          "a variance is given to the gaussian likelihood, not to \(likelihood.rawValue); leave it out "
            + "or choose gaussian")
      }
      return
    }
    guard let variance, Self.variances.contains(variance) else {
      throw .outOfRange(
        "the gaussian likelihood's variance", value: variance.map { "\($0)" } ?? "missing",
        allowed: "\(Self.variances.lowerBound) to \(Self.variances.upperBound)")
    }
  }
}

extension GraphPlan {
  /// The likelihood's one variance, if it has one.
  var pixelVariance: PixelVariance {
    switch configuration.likelihood {
    case .gaussianLearned: .learned(parameters.scalars[0].tensor)
    case .gaussian: .given(Float(configuration.variance ?? ModelConfiguration.usualVariance))
    case .bernoulli, .squaredError, .gaussianDiagonal: .given(1)
    }
  }
}
