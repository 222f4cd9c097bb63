import Files
import Foundation
import Statistics
import VAE

/// A mixture fitted to a model's codes, to be drawn from in place of N(0, I): `prior.safetensors`.
///
/// Weights, means and Cholesky factors are kept in single precision: a product of factors is positive
/// definite whatever the rounding.
public struct MixturePrior: Equatable, Sendable {
  /// The mixture.
  public let mixture: GaussianMixture
  /// What is known of it.
  public let record: Record

  /// Where a prior comes from.
  public struct Record: Codable, Equatable, Sendable {
    /// SHA-256 of the model's file.
    public var modelChecksum: String
    /// The covariances' kind.
    public var covariance: GaussianMixture.Covariance
    /// The data set whose training images' codes were fitted.
    public var data: String
    /// The seed of the draws and of the start.
    public var seed: UInt64
    /// Mean log-likelihood in nats a code: of the start, then after each iteration.
    public var logLikelihoods: [Double]
    /// The same of the test images' codes.
    public var heldOut: Double

    /// A record.
    public init(
      modelChecksum: String, covariance: GaussianMixture.Covariance, data: String, seed: UInt64,
      logLikelihoods: [Double], heldOut: Double
    ) {
      self.modelChecksum = modelChecksum
      self.covariance = covariance
      self.data = data
      self.seed = seed
      self.logLikelihoods = logLikelihoods
      self.heldOut = heldOut
    }
  }

  /// A prior.
  public init(_ mixture: GaussianMixture, _ record: Record) {
    self.mixture = mixture
    self.record = record
  }

  private static let recordKey = "prior"
}

extension RunFolder {
  /// The mixture that `vae fit-prior` fitted.
  public var prior: String { "\(path)/prior.safetensors" }
}

extension MixturePrior {
  /// Writes the file.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws {
    let (count, latent) = (mixture.components.count, mixture.dimensions)
    let scales: [Float] = mixture.components.flatMap { component in
      switch component.scale {
      case .diagonal(let deviations): deviations.map { Float($0) }
      case .full(let factor): factor.lower.singles
      }
    }
    try Safetensors(
      metadata: [Self.recordKey: String(decoding: try JSON.encode(record), as: UTF8.self)],
      tensors: [
        .init(
          name: "weights", shape: [count], values: mixture.components.map { Float($0.weight) }),
        .init(
          name: "means", shape: [count, latent],
          values: mixture.components.flatMap { $0.mean.map { Float($0) } }),
        .init(
          name: "scales",
          shape: record.covariance == .full ? [count, latent, latent] : [count, latent],
          values: scales),
      ]
    ).write(to: path)
  }

  /// Reads the prior at `path`, of the model with `latent` dimensions whose file has the SHA-256
  /// `modelChecksum`.
  ///
  /// - Throws: `FileError`, or `LatentSpaceError` where it is of another model or makes no sense.
  public init(contentsOf path: String, modelChecksum: String, latent: Int) throws {
    guard FileSystem.exists(path) else { throw LatentSpaceError.noPrior(path: path) }
    let file = try Safetensors(contentsOf: path)
    guard let text = file.metadata[Self.recordKey],
      let record = try? JSON.decode(Record.self, from: Data(text.utf8)),
      let weights = file["weights"], let means = file["means"], let scales = file["scales"]
    else { throw LatentSpaceError.priorDamaged(path: path, reason: "something is missing") }
    guard record.modelChecksum == modelChecksum else {
      throw LatentSpaceError.priorOfAnotherModel(path: path)
    }
    let count = weights.values.count
    guard count > 0, weights.shape == [count], means.shape == [count, latent],
      scales.shape == (record.covariance == .full ? [count, latent, latent] : [count, latent]),
      weights.values.allSatisfy({ $0 >= 0 }), abs(weights.values.reduce(0, +) - 1) < 1e-3,
      means.values.allSatisfy(\.isFinite)
    else { throw LatentSpaceError.priorDamaged(path: path, reason: "a shape or weight is wrong") }
    let size = scales.values.count / count
    let components = try (0..<count).map { index in
      let values = scales.values[index * size..<(index + 1) * size].map { Double($0) }
      return GaussianMixture.Component(
        weight: Double(weights.values[index]),
        mean: means.values[index * latent..<(index + 1) * latent].map { Double($0) },
        scale: try Self.scale(values, record.covariance, latent: latent, path: path))
    }
    self.init(GaussianMixture(components), record)
  }

  private static func scale(
    _ values: [Double], _ covariance: GaussianMixture.Covariance, latent: Int, path: String
  ) throws -> GaussianMixture.Scale {
    switch covariance {
    case .diagonal:
      guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw LatentSpaceError.priorDamaged(path: path, reason: "a deviation is not positive")
      }
      return .diagonal(values)
    case .full:
      return .full(try Cholesky(lower: Matrix(rows: latent, columns: latent, values: values)))
    }
  }
}
