import Foundation

/// Bytes of the largest mapping of this process for which large pages were asked (`hg` of `VmFlags`, proc(5)).
package func largestLargePageMapping() throws -> Int {
  var (size, largest) = (0, 0)
  // Foundation reads no more than a page of a file that states no size, unless by a handle.
  let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps"))
  let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
  for line in text.split(separator: "\n") {
    let words = line.split(separator: " ")
    if words[0] == "Size:" { size = 1024 * (Int(words[1]) ?? 0) }
    if words[0] == "VmFlags:", words.contains("hg") { largest = max(largest, size) }
  }
  return largest
}

/// Whether the system knows large pages.
package let systemHasLargePages = FileManager.default.fileExists(
  atPath: "/sys/kernel/mm/transparent_hugepage")
