import Files

/// What loading a data set can fail with. Each text names the thing, the value and the remedy.
public enum DatasetError: Error, Equatable {
  /// A file could not be read or written.
  case file(FileError)
  /// `name` begins like `digits:SEED` and has no seed.
  case unknownSeed(String)
  /// There is no folder at `path`.
  case missingFolder(path: String)
  /// `path` is a file where a folder of IDX files was needed.
  case notAFolder(path: String)
  /// None of the files `lookedFor`, which hold the `purpose` ("training images"), is in `folder`.
  case missingFiles(folder: String, purpose: String, lookedFor: [String])
  /// The IDX file at `path` breaks the format.
  case malformed(path: String, reason: String)
  /// Two files contradict each other.
  case mismatch(String)
}

extension DatasetError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .file(let error):
      return error.description
    case .unknownSeed(let name):
      return "'\(name)' names no data set: write digits:SEED with a whole number, or digits"
    case .missingFolder(let path):
      return "the data folder \(path) does not exist: check the path (`digits` names the built-in "
        + "data, `vae data mnist --out \(path)` would fetch MNIST)"
    case .notAFolder(let path):
      return "\(path) is a file: name the folder that holds the IDX files"
    case .missingFiles(let folder, let purpose, let names):
      return "\(folder) has no \(purpose): looked for \(names.joined(separator: ", ")); "
        + "put them there (for MNIST: vae data mnist --out another folder)"
    case .malformed(let path, let reason):
      return "\(path) is not a valid IDX file: \(reason): fetch or write it again"
    case .mismatch(let text):
      return "\(text): take all files from one data set"
    }
  }
}
