import BLASBackend
import Backend
import Foundation
import Testing
import VAE

@Suite struct RefinementTests {
  /// - Parameter scale: by how much the decoder says more of z than at first.
  private func model(_ posterior: Posterior, capacity: Int = 512, scale: Float = 4) throws
    -> VariationalAutoencoder
  {
    var configuration = smallModel
    configuration.posterior = posterior
    let model = try VariationalAutoencoder(
      configuration, on: BLASBackend(), capacity: capacity,
      workspace: Workspace(hasCodeGradient: true))
    model.initialize(.kaimingUniform, seed: 2)
    try model.setParameters(
      try model.parameters().map { array in
        let values = array.values.map { scale * $0 }
        return array.name.hasPrefix("decoder") || array.name.hasPrefix("output")
          ? NamedArray(name: array.name, shape: array.shape, values: values) : array
      })
    return model
  }

  @Test(arguments: Posterior.allCases) func gainsOnEveryImage(posterior: Posterior) throws {
    let model = try model(posterior)
    let images = try model.backend.makePixelTable(
      smallImages(count: 30), columns: smallModel.pixels)
    let before = try model.parameters()
    let refinement = try model.refine(images, RefinementSettings(steps: 400, seed: 3))
    #expect(refinement.regrets.allSatisfy { $0 > 0 })
    #expect(refinement.gap > 0.1 && refinement.gapStandardError < refinement.gap)
    #expect(try model.parameters() == before)
    let elbo = -(try model.evaluate(images, samples: 64, seed: 3)).loss
    #expect(abs(refinement.amortized.reduce(0, +) / 30 - elbo) < 1e-4)
  }

  /// The encoder is where the ascent begins, not where it ends.
  @Test func endDoesNotDependOnTheEncoder() throws {
    func refined(_ scale: Float) throws -> [Double] {
      // One optimum: a decoder that says more of z may make the posterior have several.
      let model = try model(.logVariance, scale: 1)
      try model.setParameters(
        try model.parameters().map { array in
          let isHead = array.name.hasPrefix("mean") || array.name.hasPrefix("log_variance")
          return NamedArray(
            name: array.name, shape: array.shape,
            values: isHead ? array.values.map { scale * $0 } : array.values)
        })
      let images = try model.backend.makePixelTable(
        smallImages(count: 20), columns: smallModel.pixels)
      return try model.refine(
        images, RefinementSettings(steps: 1500, draws: 256, seed: 3)
      ).refined
    }
    let (one, other) = (try refined(1), try refined(-2))
    #expect(zip(one, other).allSatisfy { abs($0 - $1) < 0.02 })
  }

  @Test func resultDoesNotDependOnTheBatchSize() throws {
    let results = try [8, 512].map { capacity in
      let model = try model(.logVariance, capacity: capacity)
      let images = try model.backend.makePixelTable(
        smallImages(count: 21), columns: smallModel.pixels)
      return try model.refine(images, rows: 1..<21, RefinementSettings(steps: 20, seed: 3))
    }
    #expect(
      zip(results[0].refined, results[1].refined).allSatisfy { abs($0 - $1) < 1e-3 })
    #expect(results[0].heads.count == 20 * 6)
  }
}
