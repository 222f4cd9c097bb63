import Foundation
import Statistics
import Testing

@Suite struct GaussianMixtureTests {
  /// Three Gaussians far apart, of different shapes and shares.
  private static func planted(_ count: Int, seed: UInt64) throws -> (GaussianMixture, Matrix) {
    let shapes = try [
      Matrix(rows: 2, columns: 2, values: [1, 0.8, 0.8, 1]),
      Matrix(rows: 2, columns: 2, values: [0.3, 0, 0, 2]),
      Matrix(rows: 2, columns: 2, values: [1, -0.5, -0.5, 0.5]),
    ].map { GaussianMixture.Scale.full(try Cholesky($0)) }
    let mixture = GaussianMixture([
      .init(weight: 0.5, mean: [0, 0], scale: shapes[0]),
      .init(weight: 0.3, mean: [8, 0], scale: shapes[1]),
      .init(weight: 0.2, mean: [0, 9], scale: shapes[2]),
    ])
    return (mixture, mixture.sample(count: count, seed: seed))
  }

  private static func product(_ scale: GaussianMixture.Scale) -> [Double] {
    switch scale {
    case .diagonal(let deviations): return deviations.map { $0 * $0 }
    case .full(let factor): return factor.color(factor.lower).values
    }
  }

  @Test func aPlantedMixtureIsFound() throws {
    let (planted, data) = try Self.planted(20_000, seed: 1)
    let fit = try MixtureFit(data, components: 3, covariance: .full, seed: 2)
    #expect(fit.hasConverged)
    for component in planted.components {
      let match = try #require(
        fit.mixture.components.min {
          hypot($0.mean[0] - component.mean[0], $0.mean[1] - component.mean[1])
            < hypot($1.mean[0] - component.mean[0], $1.mean[1] - component.mean[1])
        })
      #expect(abs(match.weight - component.weight) < 0.015)
      #expect(worst(match.mean, component.mean) < 0.05)
      #expect(worst(Self.product(match.scale), Self.product(component.scale)) < 0.06)
    }
    let heldOut = try Self.planted(20_000, seed: 9).1
    let (found, known) = (
      try fit.mixture.logLikelihood(heldOut), try planted.logLikelihood(heldOut)
    )
    #expect(abs(found - known) < 0.005)
  }

  @Test(
    arguments: GaussianMixture.Covariance.allCases, [1, 2, 5, 12])
  func likelihoodNeverFalls(covariance: GaussianMixture.Covariance, components: Int) throws {
    var options = MixtureFit.Options()
    options.tolerance = 0
    options.maximumIterations = 60
    // Overlapping clusters, and a group of equal examples, on which a component stands on the floor.
    let (_, data) = try Self.planted(900, seed: 3)
    let overlapping = Matrix(
      rows: 1000, columns: 2,
      values: data.values.map { $0 / 4 } + [Double](repeating: 1.25, count: 200))
    let fit = try MixtureFit(
      overlapping, components: components, covariance: covariance, seed: 1, options: options)
    #expect(fit.logLikelihoods.count > 2 || components == 1)
    for (before, after) in zip(fit.logLikelihoods, fit.logLikelihoods.dropFirst()) {
      #expect(after >= before - 1e-12 * abs(before))
    }
    #expect(fit.logLikelihoods.last == (try fit.mixture.logLikelihood(overlapping)))
    #expect(abs(fit.mixture.components.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
  }

  @Test func oneComponentIsTheGaussianOfTheMoments() throws {
    let data = try Self.planted(3000, seed: 4).1
    let moments = try Moments(data)
    let normal = try MultivariateNormal(mean: moments.mean, covariance: moments.covariance())
    let fit = try MixtureFit(data, components: 1, covariance: .full, seed: 1)
    let component = fit.mixture.components[0]
    #expect(component.weight == 1 && fit.hasConverged)
    #expect(worst(component.mean, moments.mean) < 1e-12)
    #expect(worst(Self.product(component.scale), try moments.covariance().values) < 1e-12)
    #expect(worst(fit.mixture.logDensities(data), normal.logDensities(data)) < 1e-11)

    let diagonal = try MixtureFit(data, components: 1, covariance: .diagonal, seed: 1).mixture
    let covariance = try moments.covariance()
    #expect(
      worst(Self.product(diagonal.components[0].scale), [covariance[0, 0], covariance[1, 1]])
        < 1e-12)
  }

  @Test func densityIsASumOfGaussians() throws {
    let mixture = GaussianMixture([
      .init(weight: 0.25, mean: [-1], scale: .diagonal([0.5])),
      .init(weight: 0.75, mean: [2], scale: .diagonal([3])),
    ])
    let points = [-3.0, 0, 2.5, 400]
    let found = mixture.logDensities(Matrix(rows: 4, columns: 1, values: points))
    for (x, logDensity) in zip(points, found) {
      // At 400 every term is 0 in double precision but for its logarithm.
      let terms = [(0.25, -1.0, 0.5), (0.75, 2.0, 3.0)].map { weight, mean, deviation in
        log(weight) - 0.5 * pow((x - mean) / deviation, 2) - log(deviation)
          - 0.5 * log(2 * Double.pi)
      }
      let expected = x == 400 ? terms[1] : log(exp(terms[0]) + exp(terms[1]))
      #expect(abs(logDensity - expected) < 1e-12 * max(1, abs(expected)))
    }
  }

  @Test func drawsHaveTheMixturesMoments() throws {
    let mixture = GaussianMixture([
      .init(weight: 0.25, mean: [-1, 0], scale: .diagonal([0.5, 1])),
      .init(weight: 0.75, mean: [2, 1], scale: .diagonal([1, 0.1])),
    ])
    let draws = mixture.sample(count: 40_000, seed: 5)
    let moments = try Moments(draws)
    #expect(worst(moments.mean, [1.25, 0.75]) < 0.03)
    // Mean of variances plus variance of means: 0.8125 + 1.6875, 0.2575 + 0.1875, and 0.5625.
    #expect(worst(try moments.covariance().values, [2.5, 0.5625, 0.5625, 0.445]) < 0.04)
    #expect(mixture.sample(count: 10, seed: 5) == draws[rows: 0..<10])
    #expect(mixture.sample(count: 10, seed: 6) != draws[rows: 0..<10])
  }

  @Test func equalExamplesStandOnTheFloorAndAreNotFittedWithoutOthers() throws {
    let two = Matrix(rows: 40, columns: 1, values: (0..<40).map { Double($0 % 2) })
    let fit = try MixtureFit(two, components: 2, covariance: .diagonal, seed: 1)
    // The variance of the data is ¼.
    for component in fit.mixture.components {
      #expect(component.scale == .diagonal([(0.25e-6).squareRoot()]))
      #expect(component.weight == 0.5)
    }
    let constant = Matrix(rows: 5, columns: 2, values: Array(repeating: 1, count: 10))
    #expect(throws: StatisticsError.constant) {
      try MixtureFit(constant, components: 1, covariance: .full, seed: 1)
    }
    #expect(throws: StatisticsError.tooFew(count: 5, needed: 6)) {
      try MixtureFit(constant, components: 6, covariance: .full, seed: 1)
    }
  }

  @Test func sameSeedSameFit() throws {
    let data = try Self.planted(2500, seed: 6).1
    let fits = try [1, 1, 2].map {
      try MixtureFit(data, components: 4, covariance: .diagonal, seed: $0)
    }
    #expect(fits[0] == fits[1])
    #expect(fits[0] != fits[2])
    #expect(fits[0].mixture.parameterCount == 3 + 4 * 4)
  }
}
