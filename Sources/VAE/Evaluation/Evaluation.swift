import Backend

/// What a model makes of a data set: averages over its examples, in nats an image (but for the
/// reconstruction by squared error, which has no unit).
public struct Evaluation: Codable, Hashable, Sendable {
  /// Reconstruction + β·KL; with β = 1 and a likelihood that is a density, −ELBO.
  public var loss: Double
  /// −ln p(x|z), or the squared error, averaged over draws of z.
  public var reconstruction: Double
  /// KL(q(z|x) ‖ N(0, I)), in closed form; `nil` for a plain autoencoder.
  public var kl: Double?
  /// The KL divergence of q(z|x) in each latent dimension, in closed form; none for a plain autoencoder.
  public var klPerDimension: [Double]
  /// Latent dimensions whose posterior mean varies over the data by more than 0.01: Cov_x(E[z_u]), as
  /// Burda et al. (2016, section 5) define an active unit.
  public var activeUnits: Int
  /// Number of examples.
  public var images: Int
}

extension VariationalAutoencoder {
  /// Evaluates the model on a resident data set, whose images the encoder sees through the model's noise, if
  /// it has any.
  ///
  /// - Parameters:
  ///   - images: a conditional model's with labels.
  ///   - samples: draws of z an example; the KL term needs none, nor does a plain autoencoder.
  ///   - beta: the KL term's weight in the loss.
  ///   - seed: of the draws, and of the noise; the same seed gives the same ones whatever the batch size.
  /// - Throws: `ConditionError.labelsMissing`, or a `BackendError` that an operation left.
  public func evaluate(_ images: PixelTable, samples: Int = 1, beta: Double = 1, seed: UInt64 = 0)
    throws -> Evaluation
  {
    precondition(images.rows > 0 && samples > 0, "an evaluation needs an image and a draw")
    try configuration.checkLabels(of: images)
    var reconstruction = 0.0
    var codes = CodeStatistics(configuration)
    for range in batches(of: images.rows) {
      let pass = encode(images, range, configuration.corruption, seed: seed)
      reconstruction += try reconstructionSums(
        pass, samples: samples, seed: seed, firstRow: range.lowerBound
      ).reduce(0, +)
      codes.add(heads: try backend.download(pass.head))
    }
    let count = Double(images.rows)
    reconstruction /= count * Double(samples)
    let divergences = codes.divergences
    let divergence = divergences.isEmpty ? nil : divergences.reduce(0, +)
    return Evaluation(
      loss: reconstruction + beta * (divergence ?? 0), reconstruction: reconstruction,
      kl: divergence, klPerDimension: divergences, activeUnits: codes.isActive.count { $0 },
      images: images.rows)
  }

  /// Enqueues the encoder on rows `range` of `images`, seen through noise where there is a `corruption`.
  func encode(
    _ images: PixelTable, _ range: Range<Int>, _ corruption: Corruption? = nil, seed: UInt64 = 0
  ) -> Pass {
    let pass = pass(rows: range.count)
    pass.gather(images, start: range.lowerBound, on: backend)
    if let corruption {
      pass.corrupt(
        corruption, start: range.lowerBound, epoch: Self.evaluationEpoch, seed: seed, on: backend)
    } else if pass.input != pass.images {
      backend.run(
        Gather(pixels: images, order: nil, output: pass.input), start: range.lowerBound)
    }
    pass.encoder.run(on: backend)
    return pass
  }

  /// The reconstruction loss of each example of a pass whose head is there, summed over `samples` draws of z.
  ///
  /// - Parameter firstRow: the number of the first example, which decides the draws with the seed.
  func reconstructionSums(_ pass: Pass, samples: Int, seed: UInt64, firstRow: Int) throws
    -> [Double]
  {
    var sums = [Double](repeating: 0, count: pass.rows)
    for sample in 0..<samples {
      let noise = Noise(
        seed: seed, stream: .evaluation, step: UInt64(sample),
        firstElement: firstRow * configuration.latent)
      pass.drawCode(on: backend, noise: noise)
      pass.decoder.run(on: backend)
      backend.run(pass.reconstruction)
      for (row, loss) in try backend.download(pass.losses[rows: 0..<1]).enumerated() {
        sums[row] += Double(loss)
      }
    }
    return sums
  }
}
