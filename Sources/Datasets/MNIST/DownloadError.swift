import Files

/// What downloading a data set can fail with.
public enum DownloadError: Error, Equatable {
  /// The program `curl` is not installed.
  case noCurl
  /// No mirror gave `file`; `reasons` say for each why not.
  case unavailable(file: String, folder: String, reasons: [String])
  /// A file of the data set's name is in the way and has other content.
  case foreignFile(path: String)
  /// A file could not be read or written.
  case file(FileError)
}

extension DownloadError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .noCurl:
      return "downloading needs the program curl: install it (apt install curl), or "
        + Self.byHand(folder: "the folder")
    case .unavailable(let file, let folder, let reasons):
      return "cannot download \(file) (\(reasons.joined(separator: "; "))): check the network and "
        + "try again, which continues where it stopped, or " + Self.byHand(folder: folder)
    case .foreignFile(let path):
      return "\(path) is there already and is not MNIST's: move it away, or choose another folder"
    case .file(let error):
      return error.description
    }
  }

  private static func byHand(folder: String) -> String {
    let names = IDXFile.allCases.map { "\($0.name).gz" }.joined(separator: ", ")
    return "put \(names) into \(folder) by hand"
  }
}
