import Backend
import Foundation

/// Zeroed memory of the host, freed with its owner.
final class HostMemory<Element: BitwiseCopyable> {
  let elements: UnsafeMutableBufferPointer<Element>

  /// Memory for `count` elements, from the boundary of a page on.
  ///
  /// - Throws: `BackendError.outOfMemory`; the system itself would promise more memory than it has.
  init(count: Int, purpose: String, device: String) throws {
    precondition(count >= 0, "no negative amount of memory")
    let limit = memoryLimit()
    let (product, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    let bytes = overflow ? Int.max : max(product, 1)
    var address: UnsafeMutableRawPointer?
    guard bytes <= limit,
      posix_memalign(&address, pageAlignment(for: bytes), bytes) == 0, let address
    else {
      throw BackendError.outOfMemory(
        device: device, purpose: purpose, requested: bytes, available: limit)
    }
    askForLargePages(UnsafeMutableRawBufferPointer(start: address, count: bytes))
    memset(address, 0, bytes)
    elements = UnsafeMutableBufferPointer(
      start: address.bindMemory(to: Element.self, capacity: count), count: count)
  }

  deinit { free(elements.baseAddress) }
}
