import Files
import Foundation
import Testing

/// Runs `body` with a fresh folder, removed afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  try FileSystem.createFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// The text of the `FileError` that `body` must throw: one line.
func fileError(
  of body: () throws -> some Any, at location: SourceLocation = #_sourceLocation
) -> String {
  let text = #expect(throws: FileError.self, sourceLocation: location) { _ = try body() }
    .map { "\($0)" }
  #expect(text?.contains("\n") != true, sourceLocation: location)
  return text ?? ""
}
