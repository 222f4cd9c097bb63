import Backend

extension VariationalAutoencoder {
  /// Evaluates the model by the very bound that training raises, so that the losses of training and test
  /// images mean the same.
  ///
  /// Of the importance-weighted bound, whose model has been made with a `Workspace` that has codes, `loss` is
  /// −L_K, `reconstruction` Σ w̃ₖ·(−ln p(x|zₖ)) and `kl` the rest, as in training; the divergences of the
  /// dimensions stay q(z|x)'s, and do not add up to it.
  ///
  /// - Parameters:
  ///   - bound: `nil` for the ELBO; its draws may be fewer than in training, where they only average.
  ///   - beta: the KL term's weight in the loss.
  ///   - seed: of the draws, and of the noise.
  /// - Throws: `InferenceError`, `ConditionError.labelsMissing`, or a `BackendError` that an operation left.
  public func evaluate(_ images: PixelTable, by bound: Bound?, beta: Double = 1, seed: UInt64 = 0)
    throws -> Evaluation
  {
    var evaluation = try evaluate(images, beta: beta, seed: seed)
    guard case .importanceWeighted(let draws) = bound else { return evaluation }
    try checkPosterior(for: images)
    var weights = [LogMeanExponential](repeating: LogMeanExponential(), count: images.rows)
    try drawLosses(images, 0..<images.rows, draws: draws, seed: seed) {
      weights[$0].add(-($1 + $2), weighing: $1)
    }
    let loss = -SampleMean(weights.map(\.value)).mean
    let reconstruction = SampleMean(weights.map(\.weightedMean)).mean
    evaluation.loss = loss
    evaluation.reconstruction = reconstruction
    evaluation.kl = loss - reconstruction
    return evaluation
  }
}
