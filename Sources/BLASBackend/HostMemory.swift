import Backend
import Foundation

/// Zeroed memory of the host, freed with its owner.
final class HostMemory<Element: BitwiseCopyable> {
  let elements: UnsafeMutableBufferPointer<Element>

  /// Memory for `count` elements, on a huge page's boundary where it fills one, else on a vector's.
  ///
  /// - Throws: `BackendError.outOfMemory`; the system itself would promise more memory than it has.
  init(count: Int, purpose: String, device: String) throws {
    let limit = memoryLimit()
    let (product, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    let bytes = max(overflow ? Int.max : product, 1)
    let failure = BackendError.outOfMemory(
      device: device, purpose: purpose, requested: bytes, available: limit)
    guard bytes <= limit else { throw failure }

    let hugePage = 1 << 21
    let alignment = bytes >= hugePage ? hugePage : 256
    var address: UnsafeMutableRawPointer?
    guard posix_memalign(&address, alignment, bytes) == 0, let address else { throw failure }
    // Fewer misses of the address cache where the system grants it; no matter where it does not.
    if bytes >= hugePage { madvise(address, bytes, MADV_HUGEPAGE) }
    memset(address, 0, bytes)
    elements = UnsafeMutableBufferPointer(
      start: address.bindMemory(to: Element.self, capacity: count), count: count)
  }

  deinit { free(elements.baseAddress) }
}
