import Foundation
import Statistics
import Testing

@Suite struct StandardNormalTests {
  /// Quantiles from arithmetic of 50 digits.
  @Test(arguments: [
    (0.975, 1.95996398454005386),
    (0.5001, 0.000250662830088007492),
    (0.25, -0.674489750196081743),
    (0.075, -1.43953147093845593),
    (0.074, -1.44663206715897851),
    (1e-5, -4.26489079392282461),
    (1e-11, -6.7060231554951363),
    (1.4e-11, -6.65672309151818364),
    (1e-100, -21.2734535609653243),
    (1e-300, -37.0470962993611992),
  ])
  func quantiles(p: Double, x: Double) {
    #expect(abs(StandardNormal.quantile(p) - x) <= 1e-14 * max(1, abs(x)))
  }

  @Test func quantileUndoesTheDistributionFunction() {
    for x in stride(from: -37.0, to: 7.5, by: 0.0917) {
      let p = StandardNormal.cumulative(x)
      // Where p is near 1 its last bit is worth ε/φ(x).
      let resolution = 0x1p-52 * max(1, p / StandardNormal.density(x))
      #expect(abs(StandardNormal.quantile(p) - x) < 4 * max(abs(x) * 0x1p-52, resolution), "\(x)")
    }
    #expect(StandardNormal.quantile(0.5) == 0)
    #expect(StandardNormal.quantile(0) == -.infinity && StandardNormal.quantile(1) == .infinity)
  }

  @Test func distanceOfAFewPointsByHand() throws {
    // Φ(0) = ½ lies ½ above and below the steps of a single sample at 0.
    #expect(try SampleSummary([0]).distance == 0.5)
    // Steps 0, ½, 1 against Φ(±1) = 0.1587, 0.8413: 0.3413 at either.
    #expect(abs(try SampleSummary([1, -1]).distance - 0.341344746068543) < 1e-14)
    let summary = try SampleSummary([1, 2, 4, 5])
    #expect(summary.mean == 3 && summary.skewness == 0)
    #expect(abs(summary.standardDeviation - 2.5.squareRoot()) < 1e-15)
    // m₄ = (16 + 1 + 1 + 16)/4 = 8.5
    #expect(abs(summary.excessKurtosis - (8.5 / 6.25 - 3)) < 1e-14)
    #expect(try SampleSummary([1, 1, 4]).skewness > 0)
    #expect(try SampleSummary([7, 7]).excessKurtosis == 0)
    #expect(throws: StatisticsError.notFinite(what: "a code")) { try SampleSummary([0, .nan]) }
    #expect(throws: StatisticsError.tooFew(count: 0, needed: 1)) { try SampleSummary([]) }
  }

  /// Critical values of Kolmogorov's distribution (Smirnov 1948).
  @Test(arguments: [
    (0.5, 0.9639452436648751), (1, 0.26999967167735456), (1.3580986, 0.05), (1.62762, 0.01),
  ])
  func significanceOfLargeSamples(lambda: Double, probability: Double) {
    #expect(abs(SampleSummary.kolmogorov(lambda) - probability) < 1e-6)
  }

  @Test func normalsAreTakenForNormalsAndOthersAreNot() throws {
    let sample = normals(20_000, 1, seed: 4).values
    let summary = try SampleSummary(sample)
    #expect(summary.significance > 0.01)
    #expect(abs(summary.mean) < 0.03 && abs(summary.standardDeviation - 1) < 0.03)
    #expect(abs(summary.skewness) < 0.07 && abs(summary.excessKurtosis) < 0.15)
    #expect(try SampleSummary(sample.map { 1.1 * $0 }).significance < 1e-3)
    #expect(try SampleSummary(sample.map { $0 + 0.1 }).significance < 1e-6)
  }

  @Test func binsHoldEverySample() {
    let bins = BinCounts(
      [-9, -1, -0.5, 0, 0.5, 0.999, 1, 9], bins: 4, from: -1, to: 1)
    #expect(bins.counts == [2, 1, 1, 4])
  }
}
