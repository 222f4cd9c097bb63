import Datasets
import Files
import Foundation
import TestSupport
import Testing

private let mnistFolder = PackagePaths.root.appending(path: "../shared/mnist")
  .standardizedFileURL.path

/// MNIST itself, where it lies beside the package; elsewhere the run names this suite as skipped.
@Suite(.enabled(if: FileSystem.isFolder(mnistFolder), "there is no ../shared/mnist"))
struct RealMNISTTests {
  @Test func isReadWhole() throws {
    let mnist = try ImageDataset(idxFolder: mnistFolder)
    #expect((mnist.width, mnist.height) == (28, 28))
    #expect((mnist.train.count, mnist.test.count) == (60_000, 10_000))
    #expect(mnist.train.labels?.prefix(8) == [5, 0, 4, 1, 9, 2, 1, 3])
    #expect(mnist.test.labels?.prefix(8) == [7, 2, 1, 0, 4, 1, 4, 9])
  }

  /// The digests are those of MNIST: nothing is fetched.
  @Test func isKeptByTheDownload() throws {
    // Links, so that nothing is ever written beside the package.
    let manager = FileManager.default
    let folder = try TemporaryFolder()
    for name in try manager.contentsOfDirectory(atPath: mnistFolder) where name.hasSuffix(".gz") {
      try manager.createSymbolicLink(
        atPath: folder.file(name), withDestinationPath: "\(mnistFolder)/\(name)")
    }
    var events: [MNISTDownload.Event] = []
    try MNISTDownload(mirrors: ["http://127.0.0.1:1"]).run(into: folder.path) { events.append($0) }
    #expect(
      events == [
        .kept(file: "train-images-idx3-ubyte.gz"), .kept(file: "train-labels-idx1-ubyte.gz"),
        .kept(file: "t10k-images-idx3-ubyte.gz"), .kept(file: "t10k-labels-idx1-ubyte.gz"),
      ])
  }
}
