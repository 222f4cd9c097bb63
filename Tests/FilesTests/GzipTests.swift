import Files
import Foundation
import TestSupport
import Testing

@Suite struct GzipTests {
  // Made by gzip -n9.
  private static let hello =
    Data(
      base64Encoded: "H4sIAAAAAAACA8tIzcnJ5wIAIDA6NgYAAAA=") ?? Data()
  private static let world =
    Data(
      base64Encoded: "H4sIAAAAAAACAyvPL8pJ4QIAqGE43QYAAAA=") ?? Data()

  @Test(arguments: [
    (hello, "hello\n"),
    (hello + world, "hello\nworld\n"),
    (hello + Data(count: 100), "hello\n"),
  ])
  func decompresses(data: Data, text: String) throws {
    #expect(Gzip.isCompressed(data))
    #expect(try Gzip.decompress(data, path: "a.gz") == Data(text.utf8))
  }

  @Test func acceptsSlices() throws {
    let data = (Data([1, 2, 3]) + Self.hello).dropFirst(3)
    #expect(try Gzip.decompress(data, path: "a.gz") == Data("hello\n".utf8))
  }

  @Test(arguments: [
    (Data(), "it ends in the middle"),
    (Data("plain text".utf8), "incorrect header check"),
    (hello.prefix(15), "it ends in the middle"),
    (hello.dropLast(3), "it ends in the middle"),
    (hello + world.prefix(12), "it ends in the middle"),
    (hello + Data("rest".utf8), "4 bytes follow"),
    (damaged(hello, at: 12), "corrupt"),
    (damaged(hello, at: hello.count - 5), "incorrect data check"),
  ])
  func malformedFilesAreNamed(data: Data, fragment: String) {
    let text = fileError { try Gzip.decompress(data, path: "a.gz") }
    #expect(text.hasPrefix("a.gz is not a valid gzip file: "))
    #expect(text.contains(fragment))
  }

  @Test func stopsAtTheLimit() throws {
    #expect(try Gzip.decompress(Self.hello, path: "a.gz", limit: 6).count == 6)
    let text = fileError { try Gzip.decompress(Self.hello + Self.hello, path: "a.gz", limit: 11) }
    #expect(text.contains("it expands to more than 11 bytes"))
  }

  /// Large enough for the stated size to be what is reserved.
  @Test func statedSizesAreNotTrusted() throws {
    let content = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })
    let folder = try TemporaryFolder()
    try content.write(to: URL(fileURLWithPath: folder.file("a")))
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-n", folder.file("a")]
    try gzip.run()
    gzip.waitUntilExit()
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("a.gz")))

    #expect(Gzip.room(for: data) == content.count + 1)
    #expect(Gzip.room(for: data.dropLast(4) + [255, 255, 255, 255]) == 1 + 4 * data.count)
    #expect(try Gzip.decompress(data, path: "a.gz") == content)
    #expect(try Gzip.decompress(data + data, path: "a.gz") == content + content)
    #expect(try Gzip.decompress(data + Data(count: 9), path: "a.gz") == content)
    for stated in [0, 70_000, 400_000, UInt32.max] {
      let lying = data.dropLast(4) + withUnsafeBytes(of: stated.littleEndian) { Data($0) }
      let text = fileError { try Gzip.decompress(lying, path: "a.gz") }
      #expect(text.contains("incorrect length check"), "\(stated)")
    }
    let text = fileError { try Gzip.decompress(data.dropLast(1000), path: "a.gz") }
    #expect(text.contains("it ends in the middle"))
  }

  private static func damaged(_ data: Data, at position: Int) -> Data {
    var data = data
    data[position] ^= 0xff
    return data
  }
}
