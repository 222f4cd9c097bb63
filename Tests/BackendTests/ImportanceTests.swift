import Backend
import Foundation
import ReferenceBackend
import Testing

/// What several draws of a code need: formulas by hand, gradients against central differences.
@Suite struct ImportanceTests {
  private let noise = Noise(seed: 1, stream: .inference, step: 3)

  /// ln q(z|x) − ln p(z) from the two densities themselves.
  @Test(arguments: Posterior.allCases) func divergenceIsThatOfTheDensities(posterior: Posterior)
    throws
  {
    let harness = try Harness()
    let (rows, latent) = (5, 3)
    let (head, code) = (harness.tensor(rows, 2 * latent), harness.tensor(rows, latent))
    let divergence = harness.tensor(1, rows)
    harness.backend.run(
      Reparameterize(head: head, posterior: posterior, code: code), noise: noise)
    harness.backend.run(
      SampledDivergence(head: head, posterior: posterior, divergence: divergence), noise: noise)
    let (heads, codes) = (harness.values(head), harness.values(code))
    let expected = (0..<rows).map { row in
      (0..<latent).reduce(0.0) { sum, column in
        let (mean, spread) = (
          heads[2 * row * latent + column], heads[(2 * row + 1) * latent + column]
        )
        let (z, deviation) = (codes[row * latent + column], abs(posterior.deviation(spread)))
        let distance = (z - mean) / deviation
        return sum - distance * distance / 2 - log(deviation) + z * z / 2
      }
    }
    // The sigma head's logarithm has its guard of 10⁻¹⁰.
    #expect(agree(harness.values(divergence), expected, tolerance: 1e-5))
  }

  /// The total derivative of Σ a·z + w·(ln q − ln p), through z and through q.
  @Test(arguments: Posterior.allCases) func sampledDivergence(posterior: Posterior) throws {
    let harness = try Harness()
    let backend = harness.backend
    let (rows, latent) = (4, 3)
    let (head, code) = (harness.tensor(rows, 2 * latent), harness.tensor(rows, latent))
    let (divergence, codeGradient) = (harness.tensor(1, rows), harness.tensor(rows, latent))
    let weights = harness.tensor(1, rows, [0.5, 0, 2, 0.25])
    func loss() -> Double {
      backend.run(Reparameterize(head: head, posterior: posterior, code: code), noise: noise)
      backend.run(
        SampledDivergence(head: head, posterior: posterior, divergence: divergence), noise: noise)
      return dot(harness.values(code), harness.values(codeGradient))
        + dot(harness.values(divergence), harness.values(weights))
    }
    let headGradient = harness.tensor(rows, 2 * latent)
    backend.run(
      SampledDivergenceGradient(
        head: head, posterior: posterior, codeGradient: codeGradient, weights: weights,
        headGradient: headGradient), noise: noise)
    #expect(agree(harness.values(headGradient), harness.differences(head, loss)))
  }

  /// The weights are the bound's gradient with respect to r, and to d.
  @Test func importanceWeightsAreTheBoundsGradient() throws {
    let harness = try Harness()
    let (examples, draws) = (3, 5)
    let (reconstruction, divergence) = (harness.tensor(1, 15), harness.tensor(1, 15))
    let (weights, losses) = (harness.tensor(1, 15), harness.tensor(2, examples))
    let operation = ImportanceWeights(
      reconstruction: reconstruction, divergence: divergence, scale: 0.5, weights: weights,
      losses: losses)
    func loss() -> Double {
      harness.backend.run(operation)
      return 0.5 * harness.values(losses).reduce(0, +)
    }
    _ = loss()
    let values = zip(harness.values(reconstruction), harness.values(divergence)).map { $0 + $1 }
    let expected = (0..<examples).reduce(0.0) { sum, example in
      let terms = values[example * draws..<(example + 1) * draws].map { exp(-$0) }
      return sum - 0.5 * log(terms.reduce(0, +) / Double(draws))
    }
    #expect(abs(loss() - expected) < 1e-12)
    let found = harness.values(weights)
    #expect(abs(found.reduce(0, +) - 0.5 * Double(examples)) < 1e-12)
    #expect(agree(found, harness.differences(reconstruction, loss)))
    #expect(agree(found, harness.differences(divergence, loss)))
  }

  @Test func weightsOfVastLossesStayNumbers() throws {
    let harness = try Harness()
    let reconstruction = harness.tensor(1, 4, [1e6, 1e6 + 1, -1e6, -1e6])
    let weights = harness.tensor(1, 4)
    let losses = harness.tensor(2, 2)
    harness.backend.run(
      ImportanceWeights(
        reconstruction: reconstruction, divergence: harness.tensor(1, 4, [0, 0, 0, 0]), scale: 1,
        weights: weights, losses: losses))
    let larger = 1 / (1 + exp(-1.0))
    #expect(agree(harness.values(weights), [larger, 1 - larger, 0.5, 0.5], tolerance: 1e-9))
    #expect(harness.values(losses)[1] == -1e6 && harness.values(losses)[3] == 0)
  }

  @Test func rows() throws {
    let harness = try Harness()
    let (input, output) = (harness.tensor(2, 2, [1, 2, 3, 4]), harness.tensor(6, 2))
    harness.backend.run(RepeatRows(input: input, output: output))
    #expect(harness.values(output) == [1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4])
    let scales = harness.tensor(1, 6, [1, 2, 3, 4, 5, 6])
    harness.backend.run(ScaleRows(input: output, scales: scales, output: output))
    #expect(harness.values(output) == [1, 2, 2, 4, 3, 6, 12, 16, 15, 20, 18, 24])
    harness.backend.run(SumRowGroups(input: output, scale: 0.5, output: input))
    #expect(harness.values(input) == [3, 6, 22.5, 30])
  }
}
