import Backend
import Foundation

/// A backend's random numbers: the very integers, normals within rounding, and both of the right kind.
public struct RandomNumberResult: Codable, Sendable {
  /// A figure with the largest magnitude that it may have.
  public struct Figure: Codable, Sendable {
    /// What it is: `mean`, `Kolmogorov–Smirnov`, …
    public let name: String
    /// In units of its standard deviation under the hypothesis, unless the name says otherwise.
    public let value: Double
    /// The limit of its magnitude.
    public let limit: Double
    /// Whether it is within it; NaN never is.
    public var passes: Bool { abs(value) <= limit }
  }

  /// How many normals the statistics are of.
  public let draws: Int
  /// Everything measured.
  public let figures: [Figure]
}

/// Draws random numbers on `backend`.
///
/// - The words of Philox are compared bit by bit with the host's, the normals with `BoxMuller`'s, under
///   seeds, streams and steps that use every field of the counter.
/// - The sums of `draws` normals' first four powers, and the statistic of Kolmogorov and Smirnov, are held
///   against what independent draws from N(0, 1) give: five standard deviations for the moments (all
///   four fail by chance once in 400,000), and √(ln(2/α)/2) with α = 10⁻⁶ for D·√n.
/// - The blocks of all streams, and of neighbouring steps, are distinct.
///
/// - Throws: `BackendError`.
public func checkRandomNumbers(on backend: any Backend, draws: Int = 10_000_000, seed: UInt64 = 1)
  throws -> RandomNumberResult
{
  let tensor = Tensor(offset: 0, rows: 1, columns: 1 << 20)
  try backend.allocate(elements: tensor.count)
  func fill(_ distribution: Distribution, _ noise: Noise, count: Int) throws -> [Float] {
    let part = Tensor(offset: 0, rows: 1, columns: count)
    backend.run(RandomFill(distribution: distribution, output: part), noise: noise)
    return try backend.download(part)
  }

  var figures: [RandomNumberResult.Figure] = []
  var (wrongWords, normalUse) = (0, 0.0)
  for noise in Catalogue.noises {
    let halves = try fill(.words, noise, count: 1 << 14)
    for word in 0..<halves.count / 2 {
      let expected = noise.word(word)
      let isRight =
        halves[2 * word] == Float(expected & 0xFFFF)
        && halves[2 * word + 1] == Float(expected >> 16)
      wrongWords += isRight ? 0 : 1
    }
    for (index, value) in try fill(.normal, noise, count: 1 << 14).enumerated() {
      let expected = noise.boundedNormal(index)
      let use = abs(Double(value) - expected.value) / expected.error
      normalUse = use.isNaN ? .infinity : max(normalUse, use)
    }
  }
  figures.append(.init(name: "words that differ (count)", value: Double(wrongWords), limit: 0))
  figures.append(.init(name: "normals' use of their bound", value: normalUse, limit: 1))
  figures.append(
    .init(
      name: "repeated blocks between streams (count)",
      value: Double(try repeatedBlocks(seed: seed) { try fill(.words, $0, count: 1 << 14) }),
      limit: 0))

  var sample: [Float] = []
  sample.reserveCapacity(draws)
  while sample.count < draws {
    let noise = Noise(seed: seed, stream: .priorSamples, step: 0, firstElement: sample.count)
    sample += try fill(.normal, noise, count: min(tensor.count, draws - sample.count))
  }
  figures += moments(of: sample)
  figures.append(
    .init(
      name: "Kolmogorov–Smirnov D·√n", value: kolmogorovSmirnov(&sample),
      limit: (log(2 / 1e-6) / 2).squareRoot()))
  return RandomNumberResult(draws: draws, figures: figures)
}

/// How many blocks of four words occur twice among all streams and two steps.
private func repeatedBlocks(seed: UInt64, _ halves: (Noise) throws -> [Float]) rethrows -> Int {
  var (blocks, total) = (Set<[Float]>(), 0)
  for stream in RandomStream.allCases {
    for step: UInt64 in [0, 1] {
      let values = try halves(Noise(seed: seed, stream: stream, step: step))
      for start in stride(from: 0, to: values.count, by: 8) {
        blocks.insert(Array(values[start..<start + 8]))
        total += 1
      }
    }
  }
  return total - blocks.count
}

/// The first four moments, in standard deviations from those of N(0, 1): E[xᵏ] has variance
/// (E[x²ᵏ] − E[xᵏ]²)/n.
private func moments(of sample: [Float]) -> [RandomNumberResult.Figure] {
  var sums = [0.0, 0.0, 0.0, 0.0]
  for value in sample {
    let x = Double(value)
    let square = x * x
    sums[0] += x
    sums[1] += square
    sums[2] += square * x
    sums[3] += square * square
  }
  let count = Double(sample.count)
  let expected: [(name: String, moment: Double, variance: Double)] = [
    ("mean", 0, 1), ("variance", 1, 2), ("third moment", 0, 15), ("fourth moment", 3, 96),
  ]
  return zip(sums, expected).map { sum, expected in
    .init(
      name: expected.name,
      value: (sum / count - expected.moment) / (expected.variance / count).squareRoot(), limit: 5)
  }
}

/// √n times the largest distance between the sample's distribution function and Φ.
private func kolmogorovSmirnov(_ sample: inout [Float]) -> Double {
  sample.sort()
  let count = Double(sample.count)
  var largest = 0.0
  for (index, value) in sample.enumerated() {
    let probability = 0.5 * erfc(-Double(value) / 2.0.squareRoot())
    let distance = max(probability - Double(index) / count, Double(index + 1) / count - probability)
    largest = distance.isNaN ? .infinity : max(largest, distance)
  }
  return largest * count.squareRoot()
}
