import Backend
import ReferenceBackend
import Testing
import VAE

@Suite struct AnomalyScoreTests {
  @Test func scoresAverageToTheEvaluation() throws {
    let backend = ReferenceBackend()
    let model = try VariationalAutoencoder(smallModel, on: backend, capacity: 8)
    model.initialize(.kaimingUniform, seed: 6)
    let table = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    let evaluation = try model.evaluate(table, samples: 3, seed: 5)
    func average(_ score: AnomalyScore) throws -> Double {
      try model.scores(table, by: score, samples: 3, seed: 5).reduce(0, +) / 22
    }
    #expect(abs(try average(.elbo) - evaluation.loss) < 1e-5)
    #expect(abs(try average(.reconstruction) - evaluation.reconstruction) < 1e-5)
    #expect(abs(try average(.kl) - (try #require(evaluation.kl))) < 1e-5)
    let restored = try model.reconstruct(table, rows: 0..<22)
    let errors = try model.scores(table, by: .squaredError)
    let images = smallImages(count: 22)
    for row in 0..<22 {
      let error = (12 * row..<12 * row + 12).reduce(0.0) {
        let difference = Double(images[$1]) / 255 - Double(restored[$1])
        return $0 + difference * difference
      }
      #expect(abs(error - errors[row]) < 1e-6)
    }
  }

  /// Likelihood and regret are those of the estimates, image by image, and progress ends at its total.
  @Test func estimatesScoreImageByImage() throws {
    let backend = ReferenceBackend()
    let model = try VariationalAutoencoder(
      smallModel, on: backend, capacity: 8, workspace: Workspace(codes: 64, hasCodeGradient: true))
    model.initialize(.kaimingUniform, seed: 6)
    let table = try backend.makePixelTable(smallImages(count: 22), columns: smallModel.pixels)
    var last: [Int] = []
    let likelihoods = try model.scores(table, by: .nll, samples: 20, seed: 5) { last = [$0, $1] }
    #expect(last == [22 * 20, 22 * 20])
    let estimate = try model.logLikelihood(table, draws: 20, seed: 5)
    #expect(likelihoods == estimate.logLikelihoods.map { -$0 })
    for (score, bound) in zip(likelihoods, estimate.bounds) { #expect(score < -bound) }

    let regrets = try model.scores(table, by: .regret, steps: 40, seed: 5) { last = [$0, $1] }
    #expect(last == [22 * 40, 22 * 40])
    let refinement = try model.refine(table, RefinementSettings(steps: 40, seed: 5))
    #expect(regrets == refinement.regrets && regrets.reduce(0, +) > 0)
    #expect(try model.scores(table, by: .regret, steps: 1, seed: 5) != regrets)
  }

  @Test func anAutoencoderHasNoBoundToScoreBy() throws {
    let backend = ReferenceBackend()
    var configuration = smallModel
    #expect(configuration.lossScore == .elbo)
    configuration.encoderForm = .deterministic
    #expect(configuration.lossScore == .reconstruction)
    let model = try VariationalAutoencoder(configuration, on: backend, capacity: 8)
    model.initialize(.kaimingUniform, seed: 6)
    let table = try backend.makePixelTable(smallImages(count: 3), columns: smallModel.pixels)
    for score in [AnomalyScore.elbo, .kl] {
      #expect(throws: AnomalyScoreError.withoutPosterior) { try model.scores(table, by: score) }
    }
    #expect(try model.scores(table, by: .reconstruction).count == 3)
  }
}
