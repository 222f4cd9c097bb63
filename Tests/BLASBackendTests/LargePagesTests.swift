import BLASBackend
import Backend
import TestSupport
import Testing

@Suite(.enabled(if: systemHasLargePages, "this system has no large pages"))
struct LargePagesTests {
  @Test func theArenaAsksForThem() throws {
    let count = 37 * largePageSize / MemoryLayout<Float>.stride
    let backend = BLASBackend(threads: 1)
    try backend.allocate(elements: count)
    let largest = try withExtendedLifetime(backend) { try largestLargePageMapping() }
    #expect(largest >= 37 * largePageSize)
  }
}
