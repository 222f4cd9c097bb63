import Foundation
import Testing

/// A change to a source's text that makes it wrong.
struct Fault: Sendable, CustomTestStringConvertible {
  /// The file, from the folder on that its list is about.
  let file: String
  /// What is wrong with it now.
  let name: String
  /// What stands in the file once, and what to put in its place.
  let original, replacement: String
  /// Why what it computes is as right as before; `nil` for a fault that must be found.
  let equivalence: String?

  var testDescription: String { "\(file): \(name)" }

  init(
    _ file: String, _ name: String, _ original: String, _ replacement: String,
    equivalent: String? = nil
  ) {
    self.file = file
    self.name = name
    self.original = original
    self.replacement = replacement
    equivalence = equivalent
  }

  /// The text of its file below `folder` with the fault in it.
  func apply(below folder: URL) throws -> String {
    let source = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    let parts = source.components(separatedBy: original)
    try #require(
      parts.count == 2,
      "\(testDescription): its text must stand in the file once, not \(parts.count - 1) times")
    return parts.joined(separator: replacement)
  }
}
