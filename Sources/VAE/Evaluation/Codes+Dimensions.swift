import Foundation

extension Codes {
  /// For each of `dimensions` a row of `steps` codes: `code` with that coordinate replaced by values at equal
  /// distances, up to `reach` standard deviations of `scale` to both sides of its mean.
  public static func traversal(
    of code: [Float], dimensions: [Int], reach: Double, steps: Int, scale: CodeScale
  ) -> [Float] {
    precondition(steps > 1, "a traversal has two ends")
    return dimensions.flatMap { dimension in
      (0..<steps).flatMap { step in
        var moved = code
        let deviations = reach * (2 * Double(step) / Double(steps - 1) - 1)
        moved[dimension] = Float(
          scale.means[dimension] + deviations * scale.deviations[dimension])
        return moved
      }
    }
  }

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

  /// The variance of each dimension's posterior mean over the images; see `Evaluation.activeUnits`.
  public var meanVariances: [Double] {
    averages.enumerated().map { dimension, average in
      column(dimension).reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count)
    }
  }

  /// The average of each dimension's posterior mean over the images.
  var averages: [Double] {
    (0..<latent).map { column($0).reduce(0, +) / Double(count) }
  }

  private func column(_ dimension: Int) -> [Double] {
    stride(from: dimension, to: means.count, by: latent).map { Double(means[$0]) }
  }
}
