import BLASBackend
import Backend
import Testing

/// The C generator against `Philox` and `BoxMuller`.
@Suite struct RandomNumberTests {
  private static let noises = [
    Noise(seed: 0, stream: .initialization),
    Noise(seed: 0x0123_4567_89AB_CDEF, stream: .evaluation, step: 0xFEDC_BA98_7654_3210),
    Noise(seed: .max, stream: .dataset, step: 3, firstElement: 4 * 1_000_003),
    // Blocks past 2³² start again at 0.
    Noise(seed: 5, stream: .corruption, step: 1, firstElement: 4 * ((1 << 32) - 2)),
  ]

  private func fill(_ distribution: Distribution, _ noise: Noise, count: Int) throws -> [Float] {
    let backend = BLASBackend(threads: 3)
    try backend.allocate(elements: count)
    let output = Tensor(offset: 0, rows: 1, columns: count)
    backend.run(RandomFill(distribution: distribution, output: output), noise: noise)
    return try backend.download(output)
  }

  @Test("Words are Philox's, bit for bit", arguments: noises)
  func words(noise: Noise) throws {
    for count in [1, 7, 8, 9, 255, 257, 20_001] {
      let halves = try fill(.words, noise, count: count)
      let expected = (0..<count).map { index in
        let word = noise.words(block: index / 8)[index / 2 % 4]
        return Float(index % 2 == 0 ? word & 0xFFFF : word >> 16)
      }
      #expect(halves == expected, "\(count) halves")
    }
  }

  @Test("Uniforms are the words' upper 24 bits", arguments: noises)
  func uniforms(noise: Noise) throws {
    let values = try fill(.uniform, noise, count: 10_001)
    let expected = (0..<10_001).map { index in
      Float(noise.words(block: index / 4)[index % 4] >> 8) * 0x1p-24
    }
    #expect(values == expected)
  }

  @Test("Normals are within 4 ulp of Box and Muller's", arguments: noises)
  func normals(noise: Noise) throws {
    let values = try fill(.normal, noise, count: 200_003)
    var worst = WorstError()
    for (index, value) in values.enumerated() {
      let words = noise.words(block: index / 4)
      let pair =
        index % 4 < 2 ? BoxMuller.normals(words.x, words.y) : BoxMuller.normals(words.z, words.w)
      worst.add(value, exact: index % 2 == 0 ? pair.0 : pair.1, at: Float(index))
    }
    #expect(worst.error <= 4, "\(worst)")
  }
}
