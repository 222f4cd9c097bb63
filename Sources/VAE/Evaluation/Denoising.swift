import Backend

/// Images as a denoising model saw them, and what it made of them: pixels in [0, 1], one row an image.
public struct DenoisedImages: Hashable, Sendable {
  /// What the encoder was given.
  public let corrupted: [Float]
  /// What was decoded from the posterior's mean.
  public let restored: [Float]
}

extension VariationalAutoencoder {
  /// The epoch whose noise images are corrupted with outside of training: none that training comes to.
  static let evaluationEpoch = UInt32.max

  /// Corrupts rows `range` of `images` and decodes the posterior's mean of what came of them.
  ///
  /// - Parameters:
  ///   - corruption: the noise, whatever the model was trained with.
  ///   - seed: of the noise; with the same seed row i has the same noise in every call.
  /// - Throws: `ConditionError.labelsMissing`, or a `BackendError` that an operation left.
  public func denoise(
    _ images: PixelTable, rows range: Range<Int>, _ corruption: Corruption, seed: UInt64
  ) throws -> DenoisedImages {
    try configuration.checkLabels(of: images)
    var (corrupted, restored): ([Float], [Float]) = ([], [])
    for batch in batches(of: range.count) {
      let start = range.lowerBound + batch.lowerBound
      let pass = encode(images, start..<start + batch.count, corruption, seed: seed)
      corrupted += try backend.download(pass.input)
      pass.drawCode(on: backend, noise: nil)
      restored += try decodedPixels(pass)
    }
    return DenoisedImages(corrupted: corrupted, restored: restored)
  }
}
