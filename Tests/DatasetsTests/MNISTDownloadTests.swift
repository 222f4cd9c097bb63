import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Small files in the place of MNIST's, from a server on this machine.
@Suite struct MNISTDownloadTests {
  private static let contents: [IDXFile: Data] = Dictionary(
    uniqueKeysWithValues: IDXFile.allCases.map { file in
      (file, Data((0..<3000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }) + file.name.utf8)
    })
  private static let images = "train-images-idx3-ubyte.gz"
  private static let image = gzip(contents[.trainImages] ?? Data())

  /// All files as they should be, but for what `changes` say.
  private static func server(_ changes: [String: [WebServer.Behaviour]] = [:]) throws -> WebServer {
    let files = contents.map { ("\($0.name).gz", [WebServer.Behaviour.serve(gzip($1))]) }
    return try WebServer(
      Dictionary(uniqueKeysWithValues: files).merging(changes) { _, change in change })
  }

  private static func download(_ mirrors: String...) -> MNISTDownload {
    MNISTDownload(
      mirrors: mirrors, digests: contents.mapValues { SHA256.hexadecimal(of: $0) }, backoff: 0.01)
  }

  private func expectAllFiles(
    in folder: String, at location: SourceLocation = #_sourceLocation
  ) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(
      names == IDXFile.allCases.map { "\($0.name).gz" }.sorted(), sourceLocation: location)
    for (file, content) in Self.contents {
      let found = try IDX.contents(of: "\(folder)/\(file.name).gz")
      #expect(found == content, sourceLocation: location)
    }
  }

  private func downloadError(_ body: () throws -> Void) -> String {
    let text = #expect(throws: DownloadError.self) { try body() }.map { "\($0)" }
    #expect(text?.contains("\n") == false)
    return text ?? ""
  }

  @Test func fetchesAndThenKeeps() throws {
    let server = try Self.server()
    defer { server.stop() }
    try withTemporaryFolder { folder in
      let data = "\(folder)/new/mnist"
      var events: [MNISTDownload.Event] = []
      try Self.download("\(server.url)/").run(into: data) { events.append($0) }
      try expectAllFiles(in: data)
      let size = Self.image.count
      #expect(events.contains(.progress(file: Self.images, received: size, total: size)))
      #expect(events.contains(.finished(file: Self.images)))
      #expect(server.requests.first == .init(path: "/mnist/\(Self.images)", start: 0))

      events = []
      try Self.download(server.url).run(into: data) { events.append($0) }
      #expect(events == IDXFile.allCases.map { .kept(file: "\($0.name).gz") })
      #expect(server.requests.count == 4)
    }
  }

  @Test func resumesAfterABrokenConnection() throws {
    let server = try Self.server([
      Self.images: [.breakOff(Self.image, after: 1000), .refuse(503), .serve(Self.image)]
    ])
    defer { server.stop() }
    try withTemporaryFolder { folder in
      var failures = 0
      try Self.download(server.url).run(into: folder) { if case .failed = $0 { failures += 1 } }
      try expectAllFiles(in: folder)
      #expect(server.requests.prefix(3).map(\.start) == [0, 1000, 1000])
      #expect(failures == 2)
    }
  }

  @Test func resumesAnEarlierRun() throws {
    let server = try Self.server()
    defer { server.stop() }
    try withTemporaryFolder { folder in
      try FileSystem.write(Self.image.prefix(500), to: "\(folder)/\(Self.images).partial")
      try Self.download(server.url).run(into: folder)
      try expectAllFiles(in: folder)
      #expect(server.requests.first?.start == 500)
    }
  }

  /// A whole file, another mirror's file, and a server that cannot resume.
  @Test(arguments: [
    (image, [WebServer.Behaviour.serve(image)]),
    (Data(repeating: 1, count: 500), [.serve(image)]),
    (Data(repeating: 1, count: 100_000), [.serve(image)]),
    (image.prefix(500), [.ignoreRange(image)]),
  ])
  func startsAgainWhereThePartialFileIsOfNoUse(
    partial: Data, behaviour: [WebServer.Behaviour]
  ) throws {
    let server = try Self.server([Self.images: behaviour])
    defer { server.stop() }
    try withTemporaryFolder { folder in
      try FileSystem.write(partial, to: "\(folder)/\(Self.images).partial")
      try Self.download(server.url).run(into: folder)
      try expectAllFiles(in: folder)
      #expect(server.requests.count <= 5)
    }
  }

  @Test(arguments: [
    ([WebServer.Behaviour.refuse(404)], 1),
    ([.serve(gzip(Data("something else".utf8)))], 1),
    ([.serve(image.dropLast())], 1),
    ([.serve(Data("<html>Log in first</html>".utf8))], 1),
    ([.refuse(500)], 4),
  ])
  func takesTheNextMirror(behaviour: [WebServer.Behaviour], tries: Int) throws {
    let (first, second) = (try Self.server([Self.images: behaviour]), try Self.server())
    defer {
      first.stop()
      second.stop()
    }
    try withTemporaryFolder { folder in
      try Self.download(first.url, second.url).run(into: folder)
      try expectAllFiles(in: folder)
      #expect(first.requests.count == tries + 3)
      #expect(second.requests.count == 1)
    }
  }

  @Test func saysWhatToDoWithoutANetwork() throws {
    let port = try WebServer.closedPort()
    try withTemporaryFolder { folder in
      let text = downloadError {
        try Self.download("http://127.0.0.1:\(port)").run(into: folder)
      }
      #expect(text.hasPrefix("cannot download \(Self.images) (http://127.0.0.1:\(port)/"))
      #expect(text.contains("curl: (7) Failed to connect"))
      #expect(
        text.hasSuffix(
          "check the network and try again, which continues where it stopped, or put "
            + "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, "
            + "t10k-labels-idx1-ubyte.gz into \(folder) by hand"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  @Test func saysThatAMirrorHasSomethingElse() throws {
    // At every request: on a machine that stalls the first may be tried again.
    let wrong = WebServer.Behaviour.serve(gzip(Data("else".utf8)))
    let server = try Self.server([Self.images: .init(repeating: wrong, count: 4)])
    defer { server.stop() }
    try withTemporaryFolder { folder in
      let text = downloadError { try Self.download(server.url).run(into: folder) }
      #expect(text.contains("\(Self.images): its content is not MNIST's"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  @Test func overwritesNothing() throws {
    let server = try Self.server()
    defer { server.stop() }
    try withTemporaryFolder { folder in
      let path = "\(folder)/t10k-labels-idx1-ubyte"
      try FileSystem.write(Data("another data set's".utf8), to: path)
      let text = downloadError { try Self.download(server.url).run(into: folder) }
      #expect(
        text == "\(path) is there already and is not MNIST's: "
          + "move it away, or choose another folder")
      #expect(try FileSystem.read(path) == Data("another data set's".utf8))
      #expect(server.requests.isEmpty)
      let other = downloadError { try Self.download(server.url).run(into: path) }
      #expect(other.contains("is a file"))
    }
  }
}
