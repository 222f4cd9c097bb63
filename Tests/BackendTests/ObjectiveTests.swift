import Backend
import Foundation
import ReferenceBackend
import Testing

/// Variances, free bits and binarization on the reference.
@Suite struct ObjectiveTests {
  @Test(arguments: [-30.0, -12, -11.5, -2, 0, 3])
  func learnedVarianceHasItsGradient(parameter: Double) throws {
    let harness = try Harness()
    let (logits, target) = (harness.tensor(4, 5), harness.tensor(4, 5))
    let variance = harness.tensor(1, 1, [parameter])
    let (losses, gradient) = (harness.tensor(1, 4), harness.tensor(1, 1))
    func loss() -> Double {
      harness.backend.run(
        ReconstructionLoss(
          logits: logits, target: target, likelihood: .gaussianLearned,
          variance: .learned(variance), loss: losses))
      return 0.25 * harness.values(losses).reduce(0, +)
    }
    _ = loss()
    harness.backend.run(
      VarianceGradient(
        loss: losses, parameter: variance, pixels: 5, scale: 0.25, gradient: gradient))
    #expect(
      agree(harness.values(gradient), harness.differences(variance, loss), tolerance: 1e-5))
  }

  /// Against the textbook's density.
  @Test func gaussiansAreDensities() throws {
    let harness = try Harness()
    let (logits, target) = (harness.tensor(1, 2, [0, 2]), harness.tensor(1, 2, [0.25, 1]))
    let loss = harness.tensor(1, 1)
    func density(_ deviations: [Double]) -> Double {
      zip(zip([0.5, 1 / (1 + exp(-2.0))], [0.25, 1]), deviations).reduce(0) { sum, pixel in
        let ((mean, value), deviation) = pixel
        let distance = (value - mean) / deviation
        return sum - log(exp(-distance * distance / 2) / (deviation * (2 * Double.pi).squareRoot()))
      }
    }
    harness.backend.run(
      ReconstructionLoss(
        logits: logits, target: target, likelihood: .gaussian, variance: .given(0.25), loss: loss))
    #expect(agree(harness.values(loss), [density([0.5, 0.5])], tolerance: 1e-12))
    // s = 0 is ln σ² = 0, but for e⁻¹² of it.
    harness.backend.run(
      ReconstructionLoss(
        logits: harness.tensor(1, 4, [0, 2, 0, log(4)]), target: target,
        likelihood: .gaussianDiagonal, loss: loss))
    #expect(agree(harness.values(loss), [density([1, 2])], tolerance: 1e-5))
  }

  @Test func varianceStaysAboveItsBoundAndCanLeaveIt() {
    for parameter in [-1e30, -100, -13, -12, 0, 50] {
      #expect(PixelVariance.logVariance(parameter) >= -12)
    }
    #expect(abs(PixelVariance.logVariance(-12) - (-12 + log(2.0))) < 1e-15)
    #expect(PixelVariance.logVariance(50) == 50)
    #expect(PixelVariance.slope(-20) > 1e-4 && PixelVariance.slope(20) > 0.999)
  }

  @Test(arguments: Posterior.allCases)
  func freeBitsLeaveOutWhatIsBelow(posterior: Posterior) throws {
    let harness = try Harness()
    let (rows, latent) = (6, 4)
    let head = harness.tensor(rows, 2 * latent)
    let divergence = harness.tensor(1, latent)
    let average = LatentDivergence(head: head, posterior: posterior, divergence: divergence)
    harness.backend.run(average)
    let divergences = harness.values(divergence)
    let rowwise = harness.tensor(1, rows)
    harness.backend.run(KLDivergence(head: head, posterior: posterior, divergence: rowwise))
    #expect(
      abs(divergences.reduce(0, +) - harness.values(rowwise).reduce(0, +) / Double(rows)) < 1e-9)
    // Two dimensions on either side.
    let sorted = divergences.sorted()
    let minimum = Float((sorted[1] + sorted[2]) / 2)
    func loss() -> Double {
      harness.backend.run(average)
      return 0.75 * Double(rows)
        * harness.values(divergence).reduce(0) { $0 + max(Double(minimum), $1) }
    }
    let gradient = harness.tensor(rows, 2 * latent, [Double](repeating: 0, count: head.count))
    harness.backend.run(
      FreeBitsGradient(
        head: head, posterior: posterior, divergence: divergence, minimum: minimum,
        headGradient: gradient), klWeight: 0.75)
    let slopes = harness.differences(head, loss)
    #expect(agree(harness.values(gradient), slopes))
    #expect(slopes.count { $0 == 0 } == rows * latent)
  }

  /// The whole of a data set, binarized row by row in any order, is the same pixels.
  @Test func binarizationGoesByTheExample() throws {
    let harness = try Harness()
    let (count, columns) = (9, 6)
    let levels = (0..<count * columns).map { Double($0 * 4 % 256) / 255 }
    let noise = Noise(seed: 3, stream: .binarization, step: 5)
    let whole = harness.tensor(count, columns, levels)
    harness.backend.run(Binarize(images: whole, order: nil), start: 0, noise: noise)
    let expected = harness.values(whole)
    #expect(Set(expected) == [0, 1])
    let shuffled: [UInt32] = [4, 8, 1, 0, 7, 2, 6, 5, 3]
    let order = try harness.backend.makeIndexTable(count: count)
    harness.backend.upload(shuffled, to: order)
    let part = harness.tensor(
      4, columns,
      shuffled[3..<7].flatMap { levels[Int($0) * columns..<(Int($0) + 1) * columns] })
    harness.backend.run(Binarize(images: part, order: order), start: 3, noise: noise)
    #expect(
      harness.values(part)
        == shuffled[3..<7].flatMap { expected[Int($0) * columns..<(Int($0) + 1) * columns] })
  }

  @Test func whiteIsAsLikelyAsTheLevelSays() {
    for level: UInt8 in [0, 1, 128, 254, 255] {
      // As many draws as give every outcome its share: all values of the upper byte and a half.
      let draws = (0..<UInt32(1 << 16)).map { $0 << 16 | 0x8000 }
      let share = Double(draws.count { Binarize.isWhite(level, word: $0) }) / 65_536
      #expect(abs(share - Double(level) / 255) <= 1.0 / 65_536)
    }
    #expect(!Binarize.isWhite(0, word: 0) && Binarize.isWhite(255, word: .max))
  }
}
