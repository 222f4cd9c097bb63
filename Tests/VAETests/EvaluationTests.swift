import Backend
import Foundation
import ReferenceBackend
import Testing
import VAE

@Suite struct EvaluationTests {
  private func model(capacity: Int = 512, _ configuration: ModelConfiguration = smallModel) throws
    -> VariationalAutoencoder
  {
    let model = try VariationalAutoencoder(
      configuration, on: ReferenceBackend(), capacity: capacity)
    model.initialize(.glorotUniform, seed: 2)
    return model
  }

  @Test(arguments: Posterior.allCases)
  func resultDoesNotDependOnTheBatchSize(posterior: Posterior) throws {
    var configuration = smallModel
    configuration.posterior = posterior
    let evaluations = try [4, 8, 512].map { capacity in
      let model = try model(capacity: capacity, configuration)
      let images = try model.backend.makePixelTable(
        smallImages(count: 21), columns: configuration.pixels)
      return (
        try model.evaluate(images, samples: 3, seed: 8), try model.encode(images).rows,
        try model.sample(count: 21, seed: 3)
      )
    }
    for other in evaluations.dropFirst() {
      #expect(abs(other.0.loss - evaluations[0].0.loss) < 1e-6)
      #expect(other.1 == evaluations[0].1)
      #expect(other.2 == evaluations[0].2)
    }
    let evaluation = evaluations[0].0
    #expect(evaluation.images == 21)
    let divergence = try #require(evaluation.kl)
    #expect(abs(evaluation.loss - evaluation.reconstruction - divergence) < 1e-9)
    #expect(abs(evaluation.klPerDimension.reduce(0, +) - divergence) < 1e-5)
  }

  @Test func divergenceIsThatOfTheCodes() throws {
    let model = try model()
    let images = try model.backend.makePixelTable(
      smallImages(count: 50), columns: smallModel.pixels)
    let codes = try model.encode(images)
    let logVariances = try #require(codes.logVariances)
    let expected = zip(codes.means, logVariances).reduce(0.0) { sum, pair in
      let (mean, logVariance) = (Double(pair.0), Double(pair.1))
      return sum + 0.5 * (mean * mean + exp(logVariance) - logVariance - 1)
    }
    #expect(abs(try #require(try model.evaluate(images).kl) - expected / 50) < 1e-6)
  }

  @Test func unitsThatFollowTheImageAreActive() throws {
    let model = try model()
    // Mean 0 follows the first pixel, the others are constant.
    try model.setParameters(
      try model.parameters().map { array in
        var values = [Float](repeating: 0, count: array.values.count)
        if array.name == "encoder.0.weight" { values[0] = 1 }
        if array.name == "mean.weight" { values[0] = 1 }
        return NamedArray(name: array.name, shape: array.shape, values: values)
      })
    let images = try model.backend.makePixelTable(
      smallImages(count: 200), columns: smallModel.pixels)
    let evaluation = try model.evaluate(images)
    #expect(evaluation.activeUnits == 1)
    #expect(evaluation.klPerDimension[0] > 0.01 && evaluation.klPerDimension[1] == 0)
  }

  @Test func moreDrawsChangeTheReconstructionAlone() throws {
    let model = try model()
    let images = try model.backend.makePixelTable(
      smallImages(count: 30), columns: smallModel.pixels)
    let (one, many) = (try model.evaluate(images), try model.evaluate(images, samples: 20))
    #expect(one.kl == many.kl)
    #expect(one.reconstruction != many.reconstruction)
    #expect(abs(one.reconstruction - many.reconstruction) < 0.1 * one.reconstruction)
  }

  @Test func reconstructionDecodesThePosteriorMean() throws {
    let model = try model()
    let images = try model.backend.makePixelTable(
      smallImages(count: 9), columns: smallModel.pixels)
    let codes = try model.encode(images, rows: 2..<9)
    let (direct, decoded) = (
      try model.reconstruct(images, rows: 2..<9), try model.decode(codes.means)
    )
    // The reference keeps the means in Double, and `codes` in Float.
    #expect(direct.count == 7 * smallModel.pixels)
    #expect(zip(direct, decoded).allSatisfy { abs($0 - $1) <= 1e-6 })
  }

  @Test func samplesAreDrawsOfTheirNumberAndSeed() throws {
    let model = try model()
    let few = try model.sample(count: 3, seed: 1)
    #expect(few == Array(try model.sample(count: 10, seed: 1).prefix(few.count)))
    #expect(few != (try model.sample(count: 3, seed: 2)))
    #expect(few.allSatisfy { $0 > 0 && $0 < 1 })
  }
}
