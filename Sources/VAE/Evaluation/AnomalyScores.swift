import Backend

/// What an image is scored by; higher is more anomalous.
public enum AnomalyScore: String, CaseIterable, Sendable {
  /// Reconstruction + KL: with a likelihood that is a density −ELBO, in nats.
  case elbo
  /// −ln p(x|z) in nats, or the squared error, averaged over draws of z.
  case reconstruction
  /// Σ (x − x̂)² over the pixels, x in [0, 1], x̂ decoded from the posterior's mean.
  case squaredError = "squared-error"
  /// KL(q(z|x) ‖ N(0, I)) in nats.
  case kl
  /// −ln p(x) in nats, estimated by importance sampling.
  case nll
  /// The likelihood regret (Xiao et al. 2020) in nats: how much the ELBO rises where the image's own posterior
  /// is refined without the encoder.
  case regret
}

/// What a model has no score of.
public enum AnomalyScoreError: Error, Equatable, CustomStringConvertible {
  /// A plain autoencoder has no KL divergence, and so no ELBO.
  case withoutPosterior

  /// One line for a person.
  public var description: String {
    "a plain autoencoder has no KL divergence, and so no ELBO; score by reconstruction or squared-error"
  }
}

extension ModelConfiguration {
  /// The score that is the model's loss: of a plain autoencoder the reconstruction's.
  public var lossScore: AnomalyScore { encoderForm == .deterministic ? .reconstruction : .elbo }
}

extension VariationalAutoencoder {
  /// The score of every image of a resident data set, which the encoder sees through the model's noise, if it
  /// has any. For `nll` the model has been made with a `Workspace` that has codes, for `regret` with one that
  /// has a code gradient.
  ///
  /// - Parameters:
  ///   - samples: draws of z an image, where the score takes any.
  ///   - steps: of the refinement whose gain `regret` is.
  ///   - seed: of the draws, and of the noise; the same seed gives the same ones whatever the batch size.
  /// - Returns: a number an image.
  /// - Throws: `AnomalyScoreError`, `InferenceError`, `ConditionError.labelsMissing`, or a `BackendError` that
  ///   an operation left.
  public func scores(
    _ images: PixelTable, by score: AnomalyScore, samples: Int = 1,
    steps: Int = RefinementSettings().steps, seed: UInt64 = 0,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> [Double] {
    precondition(samples > 0, "a score needs a draw")
    try configuration.checkLabels(of: images)
    let scoresOfBatch: (Pass, Range<Int>) throws -> [Double]
    switch score {
    case .nll:
      return try logLikelihood(images, draws: samples, seed: seed) {
        progress($0, images.rows * samples)
      }.logLikelihoods.map { -$0 }
    case .regret:
      return try refine(images, RefinementSettings(steps: steps, seed: seed)) {
        progress($0, images.rows * steps)
      }.regrets
    case .kl:
      scoresOfBatch = { pass, _ in try self.divergences(pass) }
    case .squaredError:
      scoresOfBatch = { pass, _ in try self.squaredErrors(pass) }
    case .elbo, .reconstruction:
      scoresOfBatch = { pass, range in
        let losses = try self.reconstructionSums(
          pass, samples: samples, seed: seed, firstRow: range.lowerBound
        ).map { $0 / Double(samples) }
        guard score == .elbo else { return losses }
        return zip(losses, try self.divergences(pass)).map(+)
      }
    }
    return try batches(of: images.rows).flatMap { range in
      let scores = try scoresOfBatch(
        encode(images, range, configuration.corruption, seed: seed), range)
      progress(range.upperBound, images.rows)
      return scores
    }
  }

  private func divergences(_ pass: Pass) throws -> [Double] {
    guard let divergence = pass.divergence else { throw AnomalyScoreError.withoutPosterior }
    backend.run(divergence)
    return try backend.download(divergence.divergence).map(Double.init)
  }

  private func squaredErrors(_ pass: Pass) throws -> [Double] {
    let originals = try backend.download(pass.images)
    pass.drawCode(on: backend, noise: nil)
    let pixels = try decodedPixels(pass)
    return (0..<pass.rows).map { row in
      let range = row * configuration.pixels..<(row + 1) * configuration.pixels
      return zip(originals[range], pixels[range]).reduce(0) { sum, pair in
        let difference = Double(pair.0) - Double(pair.1)
        return sum + difference * difference
      }
    }
  }
}
