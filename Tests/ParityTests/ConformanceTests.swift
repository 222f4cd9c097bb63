import Backend
import Parity
import ReferenceBackend
import Testing

@Suite struct ConformanceTests {
  @Test(arguments: [1, 2] as [UInt64])
  func referenceItselfPasses(seed: UInt64) throws {
    try checkBackend(ReferenceBackend(), extent: .small, seed: seed).requireConformance()
  }

  @Test func referenceRoundedToSinglePrecisionPasses() throws {
    try checkBackend(FaultyBackend(), extent: .small).requireConformance()
  }

  @Test(arguments: [false, true], [false, true])
  func honestSinglePrecisionPasses(reversed: Bool, flushing: Bool) throws {
    let backend = SingleBackend(reversed: reversed, flushing: flushing)
    let seed: UInt64 = (reversed ? 3 : 5) * (flushing ? 7 : 11)
    try checkBackend(backend, extent: .small, seed: seed).requireConformance()
  }
}
