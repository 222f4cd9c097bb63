import BLASBackend
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
}
