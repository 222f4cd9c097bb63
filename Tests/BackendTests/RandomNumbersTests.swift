import Backend
import Foundation
import Testing

@Suite struct RandomNumbersTests {
  private func numbers(_ seed: UInt64, step: UInt64 = 0) -> RandomNumbers {
    RandomNumbers(Noise(seed: seed, stream: .dataset, step: step))
  }

  @Test func wordsAreTheNoisesWords() {
    var random = numbers(5)
    let noise = Noise(seed: 5, stream: .dataset)
    let words = (0..<8).map { _ in random.nextWord() }
    let expected = (0..<8).map { noise.words(block: $0 / 4)[$0 % 4] }
    #expect(words == expected)
    var again = numbers(5)
    #expect(again.next() == UInt64(words[0]) | UInt64(words[1]) << 32)
  }

  /// Mean, variance, third and fourth moment of 10⁵ draws, each within five standard errors.
  @Test func normalMoments() {
    var random = numbers(1)
    let count = 100_000.0
    let draws = (0..<Int(count)).map { _ in random.normal() }
    func moment(_ power: Int) -> Double {
      draws.reduce(0) { $0 + pow($1, Double(power)) } / count
    }
    // Var(xᵏ) = E x²ᵏ − (E xᵏ)²: 1, 2, 15, 96.
    #expect(abs(moment(1)) < 5 * (1 / count).squareRoot())
    #expect(abs(moment(2) - 1) < 5 * (2 / count).squareRoot())
    #expect(abs(moment(3)) < 5 * (15 / count).squareRoot())
    #expect(abs(moment(4) - 3) < 5 * (96 / count).squareRoot())
  }

  /// Both normals of a pair, and their independence.
  @Test func boxMullerPairsAreIndependent() {
    let noise = Noise(seed: 2, stream: .dataset)
    let count = 50_000
    let pairs = (0..<count).map { index in
      let words = noise.words(block: index)
      return BoxMuller.normals(words.x, words.y)
    }
    let correlation = pairs.reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    let squares = pairs.reduce(0) { $0 + ($1.0 * $1.0 - 1) * ($1.1 * $1.1 - 1) } / Double(count)
    #expect(abs(correlation) < 5 / Double(count).squareRoot())
    #expect(abs(squares) < 5 * 2 / Double(count).squareRoot())
  }

  @Test func boxMullerByHand() {
    // u₁ = 1: radius 0.
    #expect(BoxMuller.normals(.max, 12345) == (0, 0))
    // u₁ = 2⁻²⁴, the smallest; u₂ = 0, ¼, ½, ¾ are the axes.
    let radius = (48 * log(2.0)).squareRoot()
    let axes: [(UInt32, Double, Double)] = [
      (0, radius, 0), (0x4000_0000, 0, radius), (0x8000_0000, -radius, 0),
      (0xC000_0000, 0, -radius),
    ]
    for (word, cosine, sine) in axes {
      let normals = BoxMuller.normals(0, word)
      #expect(abs(normals.0 - cosine) < 1e-15 && abs(normals.1 - sine) < 1e-15)
    }
    // u₂ = ⅛.
    let diagonal = BoxMuller.normals(0, 0x2000_0000)
    #expect(abs(diagonal.0 - radius / 2.0.squareRoot()) < 1e-15)
    #expect(abs(diagonal.1 - radius / 2.0.squareRoot()) < 1e-15)
  }

  @Test func uniformsFillTheirRange() {
    var random = numbers(3)
    let draws = (0..<100_000).map { _ in random.uniform(in: -2...6) }
    let mean = draws.reduce(0, +) / 100_000
    #expect(draws.allSatisfy { $0 >= -2 && $0 < 6 })
    // The variance of a uniform is its width squared over 12.
    #expect(abs(mean - 2) < 5 * 8 / (12.0 * 100_000).squareRoot())
    var unit = numbers(3)
    let value = unit.uniform()
    #expect(value * 0x1p24 == (value * 0x1p24).rounded())
  }

  @Test(arguments: [0, 1, 2, 1000]) func permutationIsOne(count: Int) {
    var random = numbers(4)
    let order = random.permutation(count: count)
    #expect(order.sorted() == (0..<count).map { UInt32($0) })
  }

  /// All 24 orders of four things, equally often: χ² with 23 degrees of freedom, at 10⁻⁵.
  @Test func permutationsAreEquallyLikely() {
    var counts: [[UInt32]: Int] = [:]
    let rounds = 24_000
    for round in 0..<rounds {
      var random = numbers(6, step: UInt64(round))
      counts[random.permutation(count: 4), default: 0] += 1
    }
    let expected = Double(rounds) / 24
    let statistic = counts.values.reduce(0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    #expect(counts.count == 24)
    #expect(statistic < 62)
  }
}
