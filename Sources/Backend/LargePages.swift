import Foundation

/// Asks the system for large pages under the whole large pages of `memory`, before it is written to for the first time.
///
/// A model's products walk down columns of its matrices, each element in another of the usual pages of 4 KiB,
/// of which a processor knows few at once. It is a wish: a system that does not grant it uses what it has.
package func preferLargePages(_ memory: UnsafeMutableRawBufferPointer) {
  #if os(Linux)
    guard let base = memory.baseAddress else { return }
    let first = base.alignedUp(toMultipleOf: largePage)
    let count = (base + memory.count - first) / largePage
    if count > 0 { madvise(first, count * largePage, Int32(MADV_HUGEPAGE)) }
  #endif
}

/// Bytes of a large page of the processors that have one size below a gigabyte: those of x86-64, and of
/// aarch64 with pages of 4 KiB.
package let largePage = 1 << 21
