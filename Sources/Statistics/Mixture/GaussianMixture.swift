import Backend
import Foundation

/// A mixture of Gaussians: p(x) = Σₖ wₖ·N(x; μₖ, Σₖ).
public struct GaussianMixture: Equatable, Sendable {
  /// What a component's covariance may be.
  public enum Covariance: String, CaseIterable, Codable, Sendable {
    /// A variance a dimension.
    case diagonal
    /// Any.
    case full
  }

  /// A factor L of a component's covariance L·Lᵀ.
  public enum Scale: Equatable, Sendable {
    /// The standard deviations.
    case diagonal([Double])
    /// The Cholesky factor.
    case full(Cholesky)
  }

  /// One Gaussian and its share.
  public struct Component: Equatable, Sendable {
    /// wₖ
    public var weight: Double
    /// μₖ
    public var mean: [Double]
    /// Lₖ
    public var scale: Scale

    /// A component.
    public init(weight: Double, mean: [Double], scale: Scale) {
      self.weight = weight
      self.mean = mean
      self.scale = scale
    }
  }

  /// The components, of one number of dimensions; their weights sum to 1.
  public let components: [Component]

  /// A mixture of at least one component.
  public init(_ components: [Component]) {
    precondition(!components.isEmpty, "a mixture has a component")
    self.components = components
  }

  /// Number of dimensions.
  public var dimensions: Int { components[0].mean.count }

  /// Free parameters: weights but one, means and covariances.
  public var parameterCount: Int {
    let covariance =
      switch components[0].scale {
      case .diagonal: dimensions
      case .full: dimensions * (dimensions + 1) / 2
      }
    return components.count - 1 + components.count * (dimensions + covariance)
  }
}

extension GaussianMixture {
  /// ln p(x) in nats, for every row x of `data`.
  public func logDensities(_ data: Matrix) -> [Double] {
    precondition(data.columns == dimensions, "data of the mixture's dimensions")
    return data.blocks.flatMap { block in
      let joint = jointLogDensities(data[rows: block])
      return (0..<block.count).map { row in
        let start = row * components.count
        return logSumExp(joint[start..<start + components.count])
      }
    }
  }

  /// The mean of ln p(x) over the rows of `data`, in nats.
  ///
  /// - Throws: `StatisticsError.tooFew` without data.
  public func logLikelihood(_ data: Matrix) throws(StatisticsError) -> Double {
    guard data.rows > 0 else { throw .tooFew(count: 0, needed: 1) }
    return logDensities(data).reduce(0, +) / Double(data.rows)
  }

  /// ln wₖ + ln N(x; μₖ, Σₖ): a row for each row x of `block`, an element for each component.
  func jointLogDensities(_ block: Matrix) -> [Double] {
    let count = components.count
    var joint = [Double](repeating: 0, count: block.rows * count)
    for (index, component) in components.enumerated() {
      let logWeight = log(component.weight)
      for (row, logDensity) in component.logDensities(block).enumerated() {
        joint[row * count + index] = logWeight + logDensity
      }
    }
    return joint
  }
}

extension GaussianMixture.Component {
  /// ln N(x; μ, Σ) for every row x of `block`.
  func logDensities(_ block: Matrix) -> [Double] {
    var white = block.subtracting(mean)
    switch scale {
    case .diagonal(let deviations):
      white.values.withUnsafeMutableBufferPointer { values in
        for start in stride(from: 0, to: values.count, by: deviations.count) {
          for column in deviations.indices { values[start + column] /= deviations[column] }
        }
      }
      return white.standardLogDensities(plus: -deviations.reduce(0) { $0 + log($1) })
    case .full(let factor):
      return factor.whiten(white).standardLogDensities(plus: -0.5 * factor.logDeterminant)
    }
  }

  /// μ + L·ε
  func transform(_ normals: [Double]) -> [Double] {
    let scaled =
      switch scale {
      case .diagonal(let deviations): zip(deviations, normals).map { $0 * $1 }
      case .full(let factor):
        factor.color(Matrix(rows: 1, columns: normals.count, values: normals)).values
      }
    return zip(mean, scaled).map { $0 + $1 }
  }
}

extension GaussianMixture {
  /// `count` draws, one a row. Draw number i is the same for any `count`, and its ε that of draw i
  /// from the standard prior.
  public func sample(count: Int, seed: UInt64) -> Matrix {
    var choices = RandomNumbers(Noise(seed: seed, stream: .mixture))
    var normals = NormalSequence(Noise(seed: seed, stream: .priorSamples))
    var values: [Double] = []
    for _ in 0..<count {
      let component = components[choose(choices.uniform())]
      values += component.transform(normals.next(dimensions))
    }
    return Matrix(rows: count, columns: dimensions, values: values)
  }

  /// The component whose share of [0, 1) holds `position`.
  private func choose(_ position: Double) -> Int {
    var sum = 0.0
    for (index, component) in components.enumerated() {
      sum += component.weight
      if position < sum { return index }
    }
    // Rounded weights may sum to less than 1.
    return components.lastIndex { $0.weight > 0 } ?? 0
  }
}

/// ln Σ e^{xᵢ}, without overflow; −∞ where all are.
func logSumExp(_ values: ArraySlice<Double>) -> Double {
  let largest = values.max() ?? -.infinity
  guard largest.isFinite else { return largest }
  return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
}
