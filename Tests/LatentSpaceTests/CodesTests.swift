import Foundation
import LatentSpace
import Statistics
import Testing
import VAE

@Suite struct CodesTests {
  @Test func aggregatePosteriorAddsVariances() throws {
    // Means (1, 0) and (−1, 4), variances (½, 1) and (1½, 3): covariance of the means (1, −2; −2, 4).
    let codes = Codes(
      latent: 2, means: [1, 0, -1, 4],
      logVariances: [0.5, 1, 1.5, 3].map { Float(log($0)) })
    let aggregate = try codes.aggregatePosterior()
    #expect(aggregate.mean == [0, 2])
    let covariance = aggregate.factor.color(aggregate.factor.lower).values
    for (found, expected) in zip(covariance, [2.0, -2, -2, 6]) {
      #expect(abs(found - expected) < 1e-6)
    }
    // ½(tr Σ + μᵀμ − 2 − ln det Σ) = ½(8 + 4 − 2 − ln 8)
    #expect(abs(try codes.aggregateDivergence() - (5 - 0.5 * log(8))) < 1e-6)
  }

  @Test func codesWithoutVarianceInSomeDirectionAreRefused() {
    let codes = Codes(latent: 2, means: [1, 7, 2, 7, 3, 7], logVariances: nil)
    #expect(throws: StatisticsError.notPositiveDefinite(pivot: 2, order: 2)) {
      try codes.aggregateDivergence()
    }
  }

  @Test func drawsHaveTheAggregatePosteriorsMoments() throws {
    let count = 20_000
    let codes = Codes(
      latent: 2, means: (0..<count).flatMap { [Float($0 % 2), 3] },
      logVariances: (0..<count).flatMap { _ in [Float(log(0.25)), Float(log(4.0))] })
    let draws = codes.draws(seed: 3)
    #expect(draws == codes.draws(seed: 3) && draws != codes.draws(seed: 4))
    let moments = try Moments(draws)
    let covariance = try moments.covariance()
    #expect(abs(moments.mean[0] - 0.5) < 0.02 && abs(moments.mean[1] - 3) < 0.06)
    #expect(abs(covariance[0, 0] - 0.5) < 0.02 && abs(covariance[1, 1] - 4) < 0.16)
    #expect(abs(covariance[0, 1]) < 0.05)
    let certain = Codes(latent: 1, means: [1, 2, 3], logVariances: nil)
    #expect(certain.draws(seed: 1).values == [1, 2, 3])
  }
}
