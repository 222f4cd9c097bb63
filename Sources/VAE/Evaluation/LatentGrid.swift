import Foundation

/// Codes laid out so that their images show what the latent dimensions stand for.
public enum LatentGrid {
  /// `side × side` codes of two dimensions, row by row from the top, whose coordinates are the standard
  /// normal's quantiles at (i + ½)/side: as dense as the prior everywhere (Kingma and Welling 2013, figure
  /// 4). The first grows to the right, the second upwards.
  public static func manifold(side: Int) -> [Float] {
    let places = (0..<side).map { Float(quantile((Double($0) + 0.5) / Double(side))) }
    return places.reversed().flatMap { y in places.flatMap { x in [x, y] } }
  }

  /// For each of `dimensions` a row of `steps` codes: `code` with that coordinate replaced by values at equal
  /// distances in ±`reach`.
  public static func traversal(
    of code: [Float], dimensions: [Int], reach: Double, steps: Int
  ) -> [Float] {
    precondition(steps > 1, "a traversal has two ends")
    return dimensions.flatMap { dimension in
      (0..<steps).flatMap { step in
        var moved = code
        moved[dimension] = Float(reach * (2 * Double(step) / Double(steps - 1) - 1))
        return moved
      }
    }
  }

  /// The x below which the standard normal falls with `probability` in (0, 1): Φ(x) = ½·erfc(−x/√2), inverted
  /// by bisection to the last bit or so.
  static func quantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a probability between 0 and 1")
    // Beyond ±39 Φ is 0 or 1 in Double.
    var (low, high) = (-39.0, 39.0)
    for _ in 0..<64 {
      let middle = (low + high) / 2
      let isBelow = 0.5 * erfc(-middle / 2.0.squareRoot()) < probability
      (low, high) = isBelow ? (middle, high) : (low, middle)
    }
    return (low + high) / 2
  }
}

extension Codes {
  /// The KL divergence of each dimension from N(0, 1), averaged over the images: ½·(μ² + σ² − ln σ² − 1);
  /// none for a plain autoencoder.
  public var klPerDimension: [Double] {
    guard let logVariances else { return [] }
    var sums = [Double](repeating: 0, count: latent)
    for index in means.indices {
      let (mean, logVariance) = (Double(means[index]), Double(logVariances[index]))
      sums[index % latent] += 0.5 * (mean * mean + exp(logVariance) - logVariance - 1)
    }
    return sums.map { $0 / Double(count) }
  }

  /// The mean of one image's posterior.
  public func mean(of image: Int) -> [Float] { Array(means[image * latent..<(image + 1) * latent]) }
}
