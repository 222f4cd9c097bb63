import Backend
import ReferenceBackend
import Testing

@Suite struct PhiloxTests {
  /// Random123's `kat_vectors`, philox4x32 with 10 rounds: counter, key, result.
  static let knownAnswers: [(SIMD4<UInt32>, SIMD2<UInt32>, SIMD4<UInt32>)] = [
    (
      SIMD4(repeating: 0), SIMD2(repeating: 0),
      SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
    ),
    (
      SIMD4(repeating: .max), SIMD2(repeating: .max),
      SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
    ),
    (
      SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
      SIMD2(0xA409_3822, 0x299F_31D0),
      SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
    ),
  ]

  @Test(arguments: knownAnswers)
  func knownAnswer(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, words: SIMD4<UInt32>) {
    #expect(Philox.block(counter: counter, key: key) == words)
  }

  @Test func noiseFieldsMeetCounterAndKey() {
    let noise = Noise(
      seed: 0x1111_1111_2222_2222, stream: .evaluation, step: 0x3333_3333_4444_4444,
      firstElement: 40)
    #expect(noise.key == SIMD2(0x2222_2222, 0x1111_1111))
    #expect(noise.counter(block: 7) == SIMD4(7, 0x4444_4444, 0x3333_3333, 6))
    #expect(
      noise.words(block: 7) == Philox.block(counter: noise.counter(block: 17), key: noise.key))
  }

  /// Seed, step and stream 0 make the first known answer the beginning of the sequence.
  @Test func randomFillOfWordsGivesTheKnownAnswer() throws {
    let backend = ReferenceBackend()
    try backend.allocate(elements: 8)
    let output = Tensor(offset: 0, rows: 1, columns: 8)
    backend.run(
      RandomFill(distribution: .words, output: output),
      noise: Noise(seed: 0, stream: .initialization))
    let halves = backend.values(of: output).map { UInt32($0) }
    let words = (0..<4).map { halves[2 * $0] | halves[2 * $0 + 1] << 16 }
    #expect(words == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
  }

  @Test func randomFillContinuesAtFirstElement() throws {
    let backend = ReferenceBackend()
    try backend.allocate(elements: 24)
    let whole = Tensor(offset: 0, rows: 1, columns: 16)
    let part = Tensor(offset: 16, rows: 1, columns: 8)
    for distribution in [Distribution.normal, .uniform] {
      backend.run(
        RandomFill(distribution: distribution, output: whole),
        noise: Noise(seed: 3, stream: .shuffling))
      backend.run(
        RandomFill(distribution: distribution, output: part),
        noise: Noise(seed: 3, stream: .shuffling, firstElement: 8))
      #expect(backend.values(of: part) == Array(backend.values(of: whole)[8...]))
    }
  }
}
