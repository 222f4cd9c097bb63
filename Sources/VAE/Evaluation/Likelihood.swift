import Backend

extension VariationalAutoencoder {
  /// Estimates ln p(x) of rows `range` (default: all) of `images`, each by `draws` draws of z.
  ///
  /// The encoder runs once an image, the decoder once a draw; weights are summed in `Double`. The model has
  /// been made with a `Workspace` that has codes. A denoising model's encoder sees the images through its
  /// noise, as in its loss: q(z|x̃) is a distribution of z like any other to draw from.
  ///
  /// - Parameters:
  ///   - seed: of the draws, and of the noise.
  ///   - report: told from time to time how many draws are done, of all images.
  /// - Throws: `InferenceError`, `ConditionError.labelsMissing`, or a `BackendError` that an operation left.
  public func logLikelihood(
    _ images: PixelTable, rows range: Range<Int>? = nil, draws: Int, seed: UInt64 = 0,
    report: (Int) -> Void = { _ in }
  ) throws -> LikelihoodEstimate {
    guard configuration.likelihood != .squaredError else {
      throw InferenceError.notADensity(configuration.likelihood)
    }
    try checkPosterior(for: images)
    let range = range ?? 0..<images.rows
    var weights = range.map { _ in ImageWeights(draws: draws) }
    try drawLosses(images, range, draws: draws, seed: seed, report: report) {
      weights[$0].add(-($1 + $2))
    }
    return LikelihoodEstimate(
      draws: draws, dimensions: configuration.pixels, likelihood: configuration.likelihood,
      logLikelihoods: weights.map(\.all.value), bounds: weights.map(\.mean),
      effectiveDraws: weights.map(\.all.effectiveCount),
      curve: weights.isEmpty
        ? []
        : weights[0].curve.indices.map { index in
          .init(
            draws: weights[0].curve[index].size,
            negativeLogLikelihood: -SampleMean(weights.map { $0.curve[index].mean }).mean)
        })
  }

  /// Gives −ln p(x|z) and ln q(z|x) − ln p(z) of `draws` draws of each image of `range`, counted from its
  /// beginning, to `body`.
  func drawLosses(
    _ images: PixelTable, _ range: Range<Int>, draws: Int, seed: UInt64,
    report: (Int) -> Void = { _ in },
    _ body: (_ image: Int, _ reconstruction: Double, _ divergence: Double) -> Void
  ) throws {
    guard let codes = plan.workspace.codes else {
      throw InferenceError.noWorkspace(
        for: "estimates from several draws",
        needed: Workspace(codes: GraphPlan.codes(for: configuration)))
    }
    let chunks = (draws + codes - 1) / codes
    let chunk = (draws + chunks - 1) / chunks
    let together = min(codes / chunk, capacity)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: together) {
      let batch = first..<min(first + together, range.upperBound)
      _ = encode(images, batch, configuration.corruption, seed: seed)
      for start in stride(from: 0, to: draws, by: chunk) {
        let count = min(chunk, draws - start)
        let pass = pass(rows: batch.count, draws: count)
        // The first images of a data set have the same draws, however many follow.
        let noise = Noise(
          seed: seed, stream: .inference, step: UInt64(first) << 24 | UInt64(start / chunk))
        let losses = try drawLosses(pass, noise: noise)
        for (image, index) in batch.enumerated() {
          for draw in image * count..<(image + 1) * count {
            body(
              index - range.lowerBound, Double(losses[draw]),
              Double(losses[batch.count * count + draw]))
          }
        }
        report((first - range.lowerBound) * draws + batch.count * (start + count))
      }
    }
  }

  /// The losses of the draws of a pass whose encoder has run: reconstructions, then divergences.
  private func drawLosses(_ pass: Pass, noise: Noise) throws -> [Float] {
    guard let draws = pass.draws else { preconditionFailure("a pass with several draws") }
    pass.drawCode(on: backend, noise: noise)
    pass.decoder.run(on: backend)
    backend.run(pass.reconstruction)
    backend.run(draws.divergence, noise: noise)
    return try backend.download(draws.losses)
  }
}
