import Backend
import Foundation

/// ln p(x) of some images (of a conditional model ln p(x|y)), estimated by importance sampling (Burda et al. 2016; Rezende et al. 2014,
/// appendix D): ln(1/K·Σ p(x|z)·p(z)/q(z|x)) over K draws z ~ q(z|x).
///
/// In expectation each is a lower bound of ln p(x), the tighter the larger K; with K = 1 it is the ELBO.
public struct LikelihoodEstimate: Hashable, Sendable {
  /// Draws of z an image: K.
  public let draws: Int
  /// Numbers of an image: pixels times channels.
  public let dimensions: Int
  /// ln p(x) of each image, in nats.
  public let logLikelihoods: [Double]
  /// The mean of the K draws' log-weights of each image: its ELBO, from the very same draws.
  public let bounds: [Double]
  /// (Σ w)²/Σ w² of each image's weights: near K where q(z|x) is the posterior, near 1 where one draw
  /// decides all.
  public let effectiveDraws: [Double]
  /// The bound that k draws give, for k = 1, 10, 100, … and K, averaged over the images and over as many
  /// disjoint groups of k draws as there are.
  public let curve: [CurvePoint]

  /// A point of the curve.
  public struct CurvePoint: Codable, Hashable, Sendable {
    /// Draws of an image.
    public let draws: Int
    /// −ln p(x) in nats an image, from above.
    public let negativeLogLikelihood: Double
  }

  /// −ln p(x), averaged over the images, in nats.
  public var negativeLogLikelihood: Double { -Moments(logLikelihoods).mean }
  /// The standard error of that average, the images being a sample.
  public var standardError: Double { Moments(logLikelihoods).standardError }
  /// −ELBO, averaged over the images, in nats.
  public var negativeBound: Double { -Moments(bounds).mean }
  /// −log₂ p(x) a pixel and channel.
  public var bitsPerDimension: Double {
    negativeLogLikelihood / (Double(dimensions) * log(2.0))
  }
  /// The effective number of draws, averaged over the images.
  public var meanEffectiveDraws: Double { Moments(effectiveDraws).mean }
  /// The smallest of any image.
  public var leastEffectiveDraws: Double { effectiveDraws.min() ?? 0 }
}

/// Mean and standard error of a sample.
struct Moments {
  let mean: Double
  let variance: Double
  let count: Int

  init(_ values: [Double]) {
    count = values.count
    let mean = values.reduce(0, +) / Double(max(count, 1))
    self.mean = mean
    variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(count - 1, 1))
  }

  var standardError: Double { (variance / Double(max(count, 1))).squareRoot() }
}

/// What a model cannot be asked for.
public enum InferenceError: Error, Equatable, CustomStringConvertible {
  /// ln p(x) of a model whose loss is no −ln p(x|z).
  case notADensity(Likelihood)
  /// Draws from the posterior of a plain autoencoder.
  case noPosterior

  /// One line for a person.
  public var description: String {
    switch self {
    case .notADensity(let likelihood):
      "\(likelihood.rawValue) is no density, so there is no ln p(x) to estimate; "
        + "train with --likelihood bernoulli or a gaussian"
    case .noPosterior:
      "a plain autoencoder has no posterior to draw from or to refine; train without --autoencoder"
    }
  }
}

extension VariationalAutoencoder {
  /// Makes sure that codes of `images` can be drawn.
  func checkPosterior(for images: PixelTable) throws {
    if configuration.encoderForm == .deterministic { throw InferenceError.noPosterior }
    try configuration.checkLabels(of: images)
  }

  /// Codes decoded at once that suit estimates with many draws.
  public static let usualCodes = 2048

  /// Estimates ln p(x) of rows `range` (default: all) of `images`, each by `draws` draws of z.
  ///
  /// The encoder runs once an image, the decoder once a draw; weights are summed in `Double`. The model has
  /// been made with a `Workspace` that has codes.
  ///
  /// - Parameters:
  ///   - seed: of the draws.
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
    try drawWeights(images, range, draws: draws, seed: seed) { image, weight in
      weights[image].add(weight)
    } report: {
      report($0)
    }
    return LikelihoodEstimate(
      draws: draws, dimensions: configuration.pixels,
      logLikelihoods: weights.map(\.all.value), bounds: weights.map(\.mean),
      effectiveDraws: weights.map(\.all.effectiveCount),
      curve: weights.isEmpty
        ? []
        : weights[0].curve.indices.map { index in
          .init(
            draws: weights[0].curve[index].size,
            negativeLogLikelihood: -Moments(weights.map { $0.curve[index].mean }).mean)
        })
  }

  /// Gives ln w = ln p(x|z) + ln p(z) − ln q(z|x) of `draws` draws of each image of `range`, counted from
  /// its beginning, to `body`.
  private func drawWeights(
    _ images: PixelTable, _ range: Range<Int>, draws: Int, seed: UInt64,
    _ body: (_ image: Int, _ logWeight: Double) -> Void, report: (Int) -> Void
  ) throws {
    guard let codes = plan.workspace.codes else {
      preconditionFailure("several draws need a model with room for them")
    }
    let chunks = (draws + codes - 1) / codes
    let chunk = (draws + chunks - 1) / chunks
    let together = min(codes / chunk, capacity)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: together) {
      let batch = first..<min(first + together, range.upperBound)
      _ = encode(images, batch)
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
              index - range.lowerBound,
              -(Double(losses[draw]) + Double(losses[batch.count * count + draw])))
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

/// The weights of an image's draws, as they come.
private struct ImageWeights {
  private(set) var all = LogMeanExponential()
  private(set) var curve: [Groups]
  private var sum = 0.0

  /// Disjoint groups of `size` draws, and the sum of their bounds.
  struct Groups {
    let size: Int
    private var current = LogMeanExponential()
    private var (sum, count) = (0.0, 0)

    init(size: Int) { self.size = size }

    mutating func add(_ logWeight: Double) {
      current.add(logWeight)
      guard current.count == size else { return }
      sum += current.value
      count += 1
      current = LogMeanExponential()
    }

    var mean: Double { sum / Double(count) }
  }

  init(draws: Int) {
    var sizes = [1]
    while let last = sizes.last, 10 * last < draws { sizes.append(10 * last) }
    curve = ((draws > 1 ? sizes : []) + [draws]).map { Groups(size: $0) }
  }

  mutating func add(_ logWeight: Double) {
    all.add(logWeight)
    for index in curve.indices { curve[index].add(logWeight) }
    sum += logWeight
  }

  /// The mean log-weight.
  var mean: Double { sum / Double(all.count) }
}
