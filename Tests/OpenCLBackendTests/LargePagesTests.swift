import Backend
import OpenCLBackend
import TestSupport
import Testing

@Suite(.enabled(if: systemHasLargePages, "this system has no large pages"))
struct LargePagesTests {
  private static let processors = OpenCLScan.current().devices.filter { $0.type == .cpu }

  /// A GPU's memory is not the host's.
  @Test(arguments: processors)
  func aProcessorsArenaAsksForThem(device: OpenCLDevice) throws {
    let backend = try OpenCLBackend(device: device.index)
    try backend.allocate(elements: 37 * largePageSize / MemoryLayout<Float>.stride)
    // All but what stands before the first large page's boundary.
    let largest = try withExtendedLifetime(backend) { try largestLargePageMapping() }
    #expect(largest >= 36 * largePageSize)
  }
}
