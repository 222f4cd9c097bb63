import Backend

/// The posteriors of some images.
public struct Codes: Sendable {
  /// Latent dimensions.
  public let latent: Int
  /// μ, one row an image.
  public let means: [Float]
  /// ln σ², one row an image. For a `sigma` head ln(σ² + 10⁻¹⁰), as in its KL term; `nil` for a plain
  /// autoencoder, whose variance is zero.
  public let logVariances: [Float]?

  package init(latent: Int, means: [Float], logVariances: [Float]?) {
    precondition(means.count % latent == 0, "whole codes")
    precondition(logVariances.map { $0.count == means.count } ?? true, "a variance for each mean")
    self.latent = latent
    self.means = means
    self.logVariances = logVariances
  }

  /// Number of images.
  public var count: Int { means.count / latent }

  /// Columns of `rows`: 2·latent, or latent for a plain autoencoder.
  public var columns: Int { logVariances == nil ? latent : 2 * latent }

  /// Mean, then log-variance of each image, side by side: count × `columns`.
  public var rows: [Float] {
    guard let logVariances else { return means }
    return (0..<count).flatMap { row in
      let range = row * latent..<(row + 1) * latent
      return means[range] + logVariances[range]
    }
  }
}

extension VariationalAutoencoder {
  /// The posteriors of rows `range` (default: all) of `images`, which for a conditional model have labels.
  ///
  /// - Parameters:
  ///   - corruption: noise through which the encoder sees the images, whatever the model was trained with.
  ///   - seed: of the noise.
  /// - Throws: `ConditionError.labelsMissing`, or a `BackendError` that an operation left.
  public func encode(
    _ images: PixelTable, rows range: Range<Int>? = nil, through corruption: Corruption? = nil,
    seed: UInt64 = 0
  ) throws -> Codes {
    try configuration.checkLabels(of: images)
    let range = range ?? 0..<images.rows
    let (latent, posterior) = (configuration.latent, configuration.posterior)
    let hasSpread = configuration.encoderForm != .deterministic
    var means: [Float] = []
    var logVariances: [Float] = []
    for batch in batches(of: range.count) {
      let pass = encode(images, batch.shifted(by: range.lowerBound), corruption, seed: seed)
      let heads = try backend.download(pass.head)
      for row in stride(from: 0, to: heads.count, by: pass.head.columns) {
        let middle = row + latent
        means += heads[row..<middle]
        if hasSpread { logVariances += heads[middle..<middle + latent].map(posterior.logVariance) }
      }
    }
    return Codes(latent: latent, means: means, logVariances: hasSpread ? logVariances : nil)
  }

  /// Decodes codes, one row of `latent` numbers each, to pixels in [0, 1], one row an image.
  ///
  /// - Parameter labels: for a conditional model the class of each.
  /// - Throws: `ConditionError`, or a `BackendError` that an operation left.
  public func decode(_ codes: [Float], labels: [Int]? = nil) throws -> [Float] {
    let latent = configuration.latent
    precondition(codes.count % latent == 0, "a code has as many numbers as latent dimensions")
    precondition(labels.map { $0.count == codes.count / latent } ?? true, "a label a code")
    try configuration.check(labels: labels)
    return try batches(of: codes.count / latent).flatMap { batch in
      let pass = pass(rows: batch.count)
      backend.upload(
        Array(codes[batch.lowerBound * latent..<batch.upperBound * latent]), to: pass.code)
      pass.set(labels: labels.map { $0[batch] } ?? [], on: backend)
      return try decodedPixels(pass)
    }
  }

  /// Decodes `count` draws from the prior N(0, I): draw number i is the same for any `count`.
  ///
  /// A plain autoencoder was trained for no prior: what it decodes such draws to need not look like its
  /// images.
  ///
  /// - Parameter labels: for a conditional model the class of each, by default all classes in turn.
  /// - Returns: pixels in [0, 1], one row an image.
  /// - Throws: `ConditionError`, or a `BackendError` that an operation left.
  public func sample(count: Int, seed: UInt64, labels: [Int]? = nil) throws -> [Float] {
    let inTurn = configuration.classes.map { classes in (0..<count).map { $0 % classes } }
    let labels = labels ?? inTurn
    precondition(labels.map { $0.count == count } ?? true, "a label a draw")
    try configuration.check(labels: labels)
    return try batches(of: count).flatMap { batch in
      let pass = pass(rows: batch.count)
      let noise = Noise(
        seed: seed, stream: .priorSamples, firstElement: batch.lowerBound * configuration.latent)
      backend.run(RandomFill(distribution: .normal, output: pass.code), noise: noise)
      pass.set(labels: labels.map { $0[batch] } ?? [], on: backend)
      return try decodedPixels(pass)
    }
  }

  /// Encodes rows `range` of `images` and decodes the posterior's mean.
  ///
  /// - Parameter label: what a conditional model decodes all of them as; by default each as what it is.
  /// - Returns: pixels in [0, 1], one row an image.
  /// - Throws: `ConditionError`, or a `BackendError` that an operation left.
  public func reconstruct(_ images: PixelTable, rows range: Range<Int>, as label: Int? = nil) throws
    -> [Float]
  {
    try configuration.checkLabels(of: images)
    if let label { try configuration.check(labels: [label]) }
    return try batches(of: range.count).flatMap { batch in
      let pass = encode(images, batch.shifted(by: range.lowerBound))
      pass.drawCode(on: backend, noise: nil)
      if let label { pass.set(labels: repeatElement(label, count: batch.count), on: backend) }
      return try decodedPixels(pass)
    }
  }

  /// Enqueues the decoder on a pass whose codes are there; the pixels that it makes of them.
  func decodedPixels(_ pass: Pass) throws -> [Float] {
    pass.decoder.run(on: backend)
    backend.run(pass.pixels)
    let outputs = try backend.download(pass.logits)
    let (pixels, columns) = (configuration.pixels, pass.logits.columns)
    guard columns > pixels else { return outputs }
    return stride(from: 0, to: outputs.count, by: columns).flatMap { outputs[$0..<$0 + pixels] }
  }
}

extension Range<Int> {
  /// The range, moved.
  func shifted(by distance: Int) -> Range<Int> {
    lowerBound + distance..<upperBound + distance
  }
}
