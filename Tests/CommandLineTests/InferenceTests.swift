import Files
import Foundation
import FoundationXML
import TestSupport
import Testing

/// ln p(x), refined posteriors and gradient estimators of a trained run.
@Suite struct InferenceTests {
  private static func vae(_ arguments: String...) throws -> Tool.Result {
    try Tool().run(arguments + ["--backend", "blas"])
  }

  private static func number(_ object: [String: Any], _ key: String) throws -> Double {
    try #require(object[key] as? Double, "\(key)")
  }

  private static func scores(_ path: String) throws -> [Float] {
    guard case .float32(let scores) = try NumPyArray(contentsOf: path).elements else { return [] }
    return scores
  }

  /// One draw's bound is the ELBO, more draws' is lower; an image's own posterior gains; and `score` has the
  /// same numbers image by image.
  @Test func evaluationsAndScoresAgree() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let evaluation = try Self.vae(
      "evaluate", run, "--nll", "50", "--refine", "20", "--images", "12", "--json"
    ).object()
    #expect(evaluation["images"] as? Int == 12)
    let likelihood = try #require(evaluation["likelihood"] as? [String: Any])
    let curve = try #require(likelihood["curve"] as? [[String: Any]])
    #expect(curve.map { $0["draws"] as? Int } == [1, 10, 50] && likelihood["draws"] as? Int == 50)
    let bounds = try curve.map { try Self.number($0, "negative_log_likelihood") }
    #expect(bounds[0] > bounds[1] && bounds[1] > bounds[2])
    let (estimate, bits) = (
      try Self.number(likelihood, "negative_log_likelihood"),
      try Self.number(likelihood, "bits_per_dimension")
    )
    #expect(abs(bounds[0] - (try Self.number(likelihood, "negative_bound"))) < 1e-9 * estimate)
    #expect(bounds[2] == estimate && abs(bits * 784 * log(2.0) - estimate) < 1e-9 * estimate)

    let refinement = try #require(evaluation["refinement"] as? [String: Any])
    let gap = try Self.number(refinement, "gap")
    #expect(refinement["steps"] as? Int == 20 && gap > 0)
    let losses = try ["amortized_loss", "refined_loss"].map { try Self.number(refinement, $0) }
    #expect(abs(losses[0] - losses[1] - gap) < 1e-9 * losses[0])

    let file = folder.file("scores.npy")
    for (score, options, mean) in [
      ("nll", ["--samples", "50"], estimate), ("regret", ["--steps", "20"], gap),
    ] {
      let result = try Tool().run(
        ["score", run, "--by", score, "--images", "12", "--out", file, "--json"] + options
          + ["--backend", "blas"])
      let summary = try result.object()
      #expect(abs(try Self.number(summary, "mean") - mean) < 1e-9 * mean, "\(score)")
      let scores = try Self.scores(file)
      #expect(scores.count == 12 && Set(scores).count == 12)
      #expect(abs(Double(scores.reduce(0, +)) / 12 - mean) < 1e-5 * mean, "\(score)")
    }

    // The word after a bare --nll is no number of draws.
    let text = try Self.vae("evaluate", "--images", "1", "--nll", run, "--refine", "3")
    #expect(text.output.contains("5,000 draws") && text.output.contains("amortization gap"))
  }

  @Test func estimatorsDifferInVariance() throws {
    let folder = try TemporaryFolder()
    let (run, plot) = (try folder.run(), folder.file("plot.svg"))
    let report = try Self.vae(
      "estimators", run, "--draws", "40", "--images", "6", "--json", "--plot", plot
    ).object()
    #expect(report["draws"] as? Int == 40 && report["images"] as? Int == 6)
    let estimators = try #require(report["estimators"] as? [[String: Any]])
    let variances = try estimators.map { try Self.number($0, "variance") }
    for (estimator, variance) in zip(estimators, variances) {
      let parts = ["mean_variances", "spread_variances"].map { estimator[$0] as? [Double] ?? [] }
      #expect(parts.map(\.count) == [3, 3])
      #expect(abs(parts.joined().reduce(0, +) - variance) < 1e-9 * variance)
    }
    // Through z first; the score function without a baseline is by far the worst.
    try #require(variances.count == 4)
    #expect(variances[0] == variances.min() && variances[2] > 100 * variances[3])
    #expect(XMLParser(data: try FileSystem.read(plot)).parse())
    let text = try Self.vae("estimators", run, "--draws", "4", "--images", "2")
    #expect(
      text.output.contains("score function, baseline") && text.output.contains("4 draws each"))
  }

  @Test func whatAModelHasNotIsRefused() throws {
    let folder = try TemporaryFolder()
    let (plain, squared) = (
      try folder.run("plain", "--autoencoder"),
      try folder.run("squared", "--likelihood", "squared-error")
    )
    for (arguments, expected) in [
      (["evaluate", squared, "--nll", "5"], "squared-error is no density"),
      (["score", squared, "--by", "nll"], "squared-error is no density"),
      (["evaluate", plain, "--nll", "5"], "no posterior"),
      (["evaluate", plain, "--refine", "5"], "no posterior"),
      (["score", plain, "--by", "regret"], "no posterior"),
      (["score", plain, "--by", "kl"], "no KL divergence"),
      (["estimators", plain], "no posterior"),
    ] {
      let result = try Tool().run(arguments + ["--backend", "blas"])
      #expect(result.status == 1 && result.error.contains(expected), "\(arguments) \(result)")
      #expect(result.output.isEmpty)
    }
  }
}
