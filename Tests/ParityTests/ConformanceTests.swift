import Backend
import Parity
import ReferenceBackend
import Testing

@Suite struct ConformanceTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func referenceItselfPasses(seed: UInt64) throws {
    try checkBackend(ReferenceBackend(), extent: .small, seed: seed).requireConformance()
  }

  @Test func referenceRoundedToSinglePrecisionPasses() throws {
    try checkBackend(FaultyBackend(), extent: .small).requireConformance()
  }

  @Test(arguments: [false, true], [false, true])
  func honestSinglePrecisionPasses(reversed: Bool, flushing: Bool) throws {
    for seed: UInt64 in 1...3 {
      let report = checkBackend(
        SingleBackend(reversed: reversed, flushing: flushing), extent: .small, seed: seed)
      try report.requireConformance()
    }
  }
}
