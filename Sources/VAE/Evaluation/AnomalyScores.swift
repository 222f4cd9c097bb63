import Backend

/// What an image is scored by; higher is more anomalous.
public enum AnomalyScore: String, CaseIterable, Sendable {
  /// −ELBO: reconstruction + KL; a plain autoencoder's loss.
  case elbo
  /// −ln p(x|z), or the likelihood's loss, averaged over draws of z.
  case reconstruction
  /// Σ (x − x̂)² over the pixels, x̂ decoded from the posterior's mean.
  case squaredError = "squared-error"
  /// KL(q(z|x) ‖ N(0, I)).
  case kl
}

/// What a model has no score of.
public enum AnomalyScoreError: Error, Equatable, CustomStringConvertible {
  /// A plain autoencoder has no KL divergence.
  case withoutPosterior

  /// One line for a person.
  public var description: String {
    "a plain autoencoder has no KL divergence to score by; score by reconstruction or squared-error"
  }
}

extension VariationalAutoencoder {
  /// The score of every image of a resident data set.
  ///
  /// - Parameters:
  ///   - samples: draws of z an image, where the score takes any.
  ///   - seed: of the draws; the same seed gives the same draws whatever the batch size.
  /// - Throws: `AnomalyScoreError`, `ConditionError.labelsMissing`, or a `BackendError` that an operation
  ///   left.
  public func scores(
    _ images: PixelTable, by score: AnomalyScore, samples: Int = 1, seed: UInt64 = 0,
    progress: (Int) -> Void = { _ in }
  ) throws -> [Double] {
    precondition(samples > 0, "a score needs a draw")
    try configuration.checkLabels(of: images)
    if score == .kl && configuration.encoderForm == .deterministic {
      throw AnomalyScoreError.withoutPosterior
    }
    var scores: [Double] = []
    scores.reserveCapacity(images.rows)
    for range in batches(of: images.rows) {
      let pass = encode(images, range)
      switch score {
      case .kl:
        if let divergence = pass.divergence { backend.run(divergence) }
        scores += try backend.download(pass.losses[rows: 1..<2]).map(Double.init)
      case .squaredError:
        scores += try squaredErrors(pass)
      case .elbo, .reconstruction:
        scores += try reconstructions(
          pass, samples: samples, seed: seed, firstElement: range.lowerBound * configuration.latent,
          withDivergence: score == .elbo)
      }
      progress(range.upperBound)
    }
    return scores
  }

  private func reconstructions(
    _ pass: Pass, samples: Int, seed: UInt64, firstElement: Int, withDivergence: Bool
  ) throws -> [Double] {
    var sums = [Double](repeating: 0, count: pass.rows)
    for sample in 0..<samples {
      let noise = Noise(
        seed: seed, stream: .evaluation, step: UInt64(sample), firstElement: firstElement)
      pass.drawCode(on: backend, noise: noise)
      pass.decoder.run(on: backend)
      backend.run(pass.reconstruction)
      for (row, loss) in try backend.download(pass.losses[rows: 0..<1]).enumerated() {
        sums[row] += Double(loss) / Double(samples)
      }
    }
    guard withDivergence, let divergence = pass.divergence else { return sums }
    backend.run(divergence)
    return zip(sums, try backend.download(pass.losses[rows: 1..<2])).map { $0 + Double($1) }
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
