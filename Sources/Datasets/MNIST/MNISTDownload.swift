import Files
import Foundation

/// Fetches MNIST from public mirrors: resumes what was interrupted, retries what failed, and takes
/// nothing whose SHA-256 is not the original's.
public struct MNISTDownload {
  /// What happens while downloading.
  public enum Event: Equatable, Sendable {
    /// `file` was there already, whole.
    case kept(file: String)
    /// `received` of `total` bytes of `file` have arrived; the total may not be known.
    case progress(file: String, received: Int, total: Int?)
    /// Getting `file` from a mirror failed for `reason`, and another try follows.
    case failed(file: String, reason: String)
    /// `file` is there, checked.
    case finished(file: String)
  }

  /// The folders on the web that are tried, in this order, unless others are given.
  public static let mirrors = [
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
  ]

  private let mirrors: [String]
  private let digests: [IDXFile: String]
  /// Seconds before the first repetition; twice as many before each further one.
  private let backoff: Double

  /// A download from `mirrors`, folders on the web that hold the four `.gz` files.
  public init(mirrors: [String] = Self.mirrors) {
    self.init(mirrors: mirrors, digests: Self.digests, backoff: 1)
  }

  /// The same for other files, for tests.
  package init(mirrors: [String], digests: [IDXFile: String], backoff: Double) {
    precondition(!mirrors.isEmpty, "there is a mirror")
    self.mirrors = mirrors
    self.digests = digests
    self.backoff = backoff
  }

  /// SHA-256 of the files, decompressed: mirrors may have compressed them differently.
  private static let digests: [IDXFile: String] = [
    .trainImages: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    .trainLabels: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    .testImages: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    .testLabels: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  ]

  /// Puts the four files into `folder`, creating it if need be. What is there and right is kept.
  ///
  /// - Parameter report: Called on this thread, several times a second while bytes arrive.
  /// - Throws: `DownloadError`.
  public func run(
    into folder: String, report: (Event) -> Void = { _ in }
  ) throws(DownloadError) {
    do throws(FileError) {
      try FileSystem.createFolder(folder)
    } catch {
      throw .file(error)
    }
    // What is in the way shows before anything is fetched.
    var missing: [IDXFile] = []
    for file in IDXFile.allCases {
      guard let path = file.path(in: folder) else {
        missing.append(file)
        continue
      }
      guard isValid(path, file) else { throw .foreignFile(path: path) }
      report(.kept(file: FileSystem.split(path).name))
    }
    for file in missing { try fetch(file, into: folder, report: report) }
  }

  private func isValid(_ path: String, _ file: IDXFile) -> Bool {
    (try? IDX.contents(of: path)).map { SHA256.hexadecimal(of: $0) } == digests[file]
  }

  private func fetch(
    _ file: IDXFile, into folder: String, report: (Event) -> Void
  ) throws(DownloadError) {
    let name = "\(file.name).gz"
    let partial = "\(folder)/\(name).partial"
    var reasons: [String] = []
    for mirror in mirrors {
      let url = mirror.hasSuffix("/") ? mirror + name : "\(mirror)/\(name)"
      var failures = 0
      // A first try that continues an old partial file does not count: it may be another mirror's.
      var isResuming = CurlTransfer.size(of: partial) > 0
      tries: while true {
        let outcome = try CurlTransfer.run(from: url, to: partial) { received, total in
          report(.progress(file: name, received: received, total: total))
        }
        let reason: String
        switch outcome {
        case .complete where isValid(partial, file):
          guard rename(partial, "\(folder)/\(name)") == 0 else {
            throw .file(.refused(action: "write", path: "\(folder)/\(name)", code: errno))
          }
          report(.finished(file: name))
          return
        case .complete, .cannotResume:
          unlink(partial)
          if isResuming {
            isResuming = false
            continue tries
          }
          reason =
            outcome == .complete ? "its content is not MNIST's" : "it does not send the whole file"
        case .failed(let text, isTransient: true) where failures < 3:
          report(.failed(file: name, reason: "\(url): \(text)"))
          isResuming = CurlTransfer.size(of: partial) > 0
          Thread.sleep(forTimeInterval: backoff * Double(1 << failures))
          failures += 1
          continue tries
        case .failed(let text, _):
          reason = text
        }
        reasons.append("\(url): \(reason)")
        report(.failed(file: name, reason: "\(url): \(reason)"))
        break tries
      }
    }
    if CurlTransfer.size(of: partial) == 0 { unlink(partial) }
    throw .unavailable(file: name, folder: folder, reasons: reasons)
  }
}
