import Files
import Testing

/// The text of the `FileError` that `body` must throw: one line.
func fileError(
  of body: () throws -> some Any, at location: SourceLocation = #_sourceLocation
) -> String {
  let text = #expect(throws: FileError.self, sourceLocation: location) { _ = try body() }
    .map { "\($0)" }
  #expect(text?.contains("\n") != true, sourceLocation: location)
  return text ?? ""
}
