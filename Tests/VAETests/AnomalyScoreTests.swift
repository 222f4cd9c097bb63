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
