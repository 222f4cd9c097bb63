import BLASBackend
import Backend
import Parity
import Testing

/// Every operation against the Double reference.
@Suite struct ConformanceTests {
  @Test func operationsStayWithinTheirBounds() throws {
    try checkBackend(BLASBackend()).requireConformance()
  }

  @Test(arguments: [1, 3])
  func numberOfThreadsDoesNotMatter(threads: Int) throws {
    try checkBackend(BLASBackend(threads: threads), extent: .small).requireConformance()
  }

  @Test func beingTimedDoesNotMatter() throws {
    let profile = Profile(eventLimit: 0)
    let timed = ObservedBackend(timing: BLASBackend(), for: profile)
    try profile.recording { try checkBackend(timed, extent: .small).requireConformance() }
    #expect(profile.calls > 0)
  }
}
