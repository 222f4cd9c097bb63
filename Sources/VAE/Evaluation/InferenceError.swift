import Backend

/// What a model cannot be asked for.
public enum InferenceError: Error, Equatable, CustomStringConvertible {
  /// ln p(x) of a model whose loss is no −ln p(x|z).
  case notADensity(Likelihood)
  /// Draws from the posterior of a plain autoencoder.
  case noPosterior
  /// The model was made without the room that something takes.
  case noWorkspace(for: String, needed: Workspace)

  /// One line for a person.
  public var description: String {
    switch self {
    case .notADensity(let likelihood):
      "\(likelihood.rawValue) is no density, so there is no ln p(x) to estimate; "
        + "train with --likelihood bernoulli or a gaussian"
    case .noPosterior:
      "a plain autoencoder has no posterior to draw from or to refine; train without --autoencoder"
    case .noWorkspace(let purpose, let needed):
      "the model was made without room for \(purpose); make it with workspace: \(needed)"
    }
  }
}

extension VariationalAutoencoder {
  /// Makes sure that codes of `images` can be drawn.
  func checkPosterior(for images: PixelTable) throws {
    if configuration.encoderForm == .deterministic { throw InferenceError.noPosterior }
    try configuration.checkLabels(of: images)
  }
}
