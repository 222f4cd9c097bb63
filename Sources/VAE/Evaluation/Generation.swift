import Backend

/// The posteriors of some images.
public struct Codes: Sendable {
  /// Latent dimensions.
  public let latent: Int
  /// μ, one row an image.
  public let means: [Float]
  /// ln σ², one row an image. For a `sigma` head ln(σ² + 10⁻¹⁰), as in its KL term.
  public let logVariances: [Float]

  package init(latent: Int, means: [Float], logVariances: [Float]) {
    self.latent = latent
    self.means = means
    self.logVariances = logVariances
  }

  /// Number of images.
  public var count: Int { means.count / latent }

  /// Mean, then log-variance of each image, side by side: count × 2·latent.
  public var rows: [Float] {
    (0..<count).flatMap { row in
      let range = row * latent..<(row + 1) * latent
      return means[range] + logVariances[range]
    }
  }
}

extension VariationalAutoencoder {
  /// The posteriors of rows `range` (default: all) of `images`.
  ///
  /// - Throws: a `BackendError` that an operation left.
  public func encode(_ images: PixelTable, rows range: Range<Int>? = nil) throws -> Codes {
    let range = range ?? 0..<images.rows
    var means: [Float] = []
    var logVariances: [Float] = []
    for batch in batches(of: range.count) {
      let pass = encode(images, batch.shifted(by: range.lowerBound))
      let heads = try backend.download(pass.head)
      for row in stride(from: 0, to: heads.count, by: 2 * configuration.latent) {
        let middle = row + configuration.latent
        means += heads[row..<middle]
        logVariances += heads[middle..<middle + configuration.latent]
          .map(configuration.posterior.logVariance)
      }
    }
    return Codes(latent: configuration.latent, means: means, logVariances: logVariances)
  }

  /// Decodes codes, one row of `latent` numbers each, to pixels in [0, 1], one row an image.
  ///
  /// - Throws: a `BackendError` that an operation left.
  public func decode(_ codes: [Float]) throws -> [Float] {
    let latent = configuration.latent
    precondition(codes.count % latent == 0, "a code has as many numbers as latent dimensions")
    return try batches(of: codes.count / latent).flatMap { batch in
      let pass = pass(rows: batch.count)
      backend.upload(
        Array(codes[batch.lowerBound * latent..<batch.upperBound * latent]), to: pass.code)
      return try decodedPixels(pass)
    }
  }

  /// Decodes `count` draws from the prior N(0, I): draw number i is the same for any `count`.
  ///
  /// - Returns: pixels in [0, 1], one row an image.
  /// - Throws: a `BackendError` that an operation left.
  public func sample(count: Int, seed: UInt64) throws -> [Float] {
    try batches(of: count).flatMap { batch in
      let pass = pass(rows: batch.count)
      let noise = Noise(
        seed: seed, stream: .priorSamples, firstElement: batch.lowerBound * configuration.latent)
      backend.run(RandomFill(distribution: .normal, output: pass.code), noise: noise)
      return try decodedPixels(pass)
    }
  }

  /// Encodes rows `range` of `images` and decodes the posterior's mean.
  ///
  /// - Returns: pixels in [0, 1], one row an image.
  /// - Throws: a `BackendError` that an operation left.
  public func reconstruct(_ images: PixelTable, rows range: Range<Int>) throws -> [Float] {
    try batches(of: range.count).flatMap { batch in
      let pass = encode(images, batch.shifted(by: range.lowerBound))
      backend.run(pass.reparameterize, noise: nil)
      return try decodedPixels(pass)
    }
  }

  private func decodedPixels(_ pass: Pass) throws -> [Float] {
    pass.decoder.run(on: backend)
    backend.run(pass.pixels)
    return try backend.download(pass.logits)
  }
}

extension Range<Int> {
  /// The range, moved.
  fileprivate func shifted(by distance: Int) -> Range<Int> {
    lowerBound + distance..<upperBound + distance
  }
}
