import Backend
import Foundation

/// What a model makes of a data set: averages over its examples, in nats an image (but for the
/// reconstruction by squared error, which has no unit).
public struct Evaluation: Codable, Hashable, Sendable {
  /// Reconstruction + β·KL; with β = 1 and a likelihood that is a density, −ELBO.
  public var loss: Double
  /// −ln p(x|z), or the squared error, averaged over draws of z.
  public var reconstruction: Double
  /// KL(q(z|x) ‖ N(0, I)), in closed form; `nil` for a plain autoencoder.
  public var kl: Double?
  /// The KL divergence of each latent dimension; none for a plain autoencoder.
  public var klPerDimension: [Double]
  /// Latent dimensions whose posterior mean varies over the data by more than 0.01: Cov_x(E[z_u]), as
  /// Burda et al. (2016, section 5) define an active unit.
  public var activeUnits: Int
  /// Number of examples.
  public var images: Int
}

extension VariationalAutoencoder {
  /// The variance of a dimension's posterior mean from which on it counts as active.
  public static let activeUnitThreshold = 0.01

  /// Evaluates the model on a resident data set.
  ///
  /// - Parameters:
  ///   - images: a conditional model's with labels.
  ///   - samples: draws of z an example; the KL term needs none, nor does a plain autoencoder.
  ///   - beta: the KL term's weight in the loss.
  ///   - seed: of the draws; the same seed gives the same draws whatever the batch size.
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
      for sample in 0..<samples {
        let noise = Noise(
          seed: seed, stream: .evaluation, step: UInt64(sample),
          firstElement: range.lowerBound * configuration.latent)
        pass.drawCode(on: backend, noise: noise)
        pass.decoder.run(on: backend)
        backend.run(pass.reconstruction)
        reconstruction += sum(try backend.download(pass.losses[rows: 0..<1]))
      }
      codes.add(heads: try backend.download(pass.head))
    }
    let count = Double(images.rows)
    reconstruction /= count * Double(samples)
    let divergences = codes.divergences.map { $0 / count }
    let divergence = divergences.isEmpty ? nil : divergences.reduce(0, +)
    return Evaluation(
      loss: reconstruction + beta * (divergence ?? 0), reconstruction: reconstruction,
      kl: divergence,
      klPerDimension: divergences,
      activeUnits: codes.variances.count { $0 > Self.activeUnitThreshold }, images: images.rows)
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

  private func sum(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) } }
}

/// Sums over the posteriors of a data set, per latent dimension, in `Double`.
private struct CodeStatistics {
  private let latent: Int
  /// `nil` for a plain autoencoder, whose heads are means alone.
  private let posterior: Posterior?
  private var count = 0.0
  private var means: [Double]
  private var squares: [Double]
  /// None for a plain autoencoder.
  private(set) var divergences: [Double]

  init(_ model: ModelConfiguration) {
    latent = model.latent
    posterior = model.encoderForm == .deterministic ? nil : model.posterior
    means = Array(repeating: 0, count: latent)
    squares = means
    divergences = posterior == nil ? [] : means
  }

  /// Adds a batch of the encoder's outputs, M×2L or M×L (Welford's update of mean and variance).
  mutating func add(heads: [Float]) {
    for row in stride(from: 0, to: heads.count, by: posterior == nil ? latent : 2 * latent) {
      count += 1
      for dimension in 0..<latent {
        let mean = Double(heads[row + dimension])
        let change = mean - means[dimension]
        means[dimension] += change / count
        squares[dimension] += change * (mean - means[dimension])
        if let posterior {
          divergences[dimension] += posterior.divergence(
            mean: mean, spread: Double(heads[row + latent + dimension]))
        }
      }
    }
  }

  /// The variance of the posterior means over the data.
  var variances: [Double] { squares.map { $0 / count } }
}
