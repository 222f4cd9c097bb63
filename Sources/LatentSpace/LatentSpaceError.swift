/// Why a prior or a compressed file cannot be used.
public enum LatentSpaceError: Error, Equatable {
  /// No prior was fitted.
  case noPrior(path: String)
  /// The prior is another model's.
  case priorOfAnotherModel(path: String)
  /// The prior's file is not what it should be.
  case priorDamaged(path: String, reason: String)
  /// The file is not a compressed data set, or not a whole one.
  case compressedDamaged(path: String, reason: String)
  /// The file's format is of a later program.
  case compressedVersion(path: String, found: Int, known: Int)
  /// The file was made with another model.
  case compressedWithAnotherModel(path: String, expected: String, found: String)
}

extension LatentSpaceError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .noPrior(let path): "\(path) does not exist; fit a prior to the model with vae fit-prior"
    case .priorOfAnotherModel(let path):
      "\(path) was fitted to another model than the one beside it; fit it again with vae fit-prior"
    case .priorDamaged(let path, let reason):
      "\(path) is not a prior: \(reason); fit it again with vae fit-prior"
    case .compressedDamaged(let path, let reason):
      "\(path) is not a whole file of vae compress: \(reason); make it or fetch it again"
    case .compressedVersion(let path, let found, let known):
      "\(path) has format \(found) where this program knows format \(known); use a newer program"
    case .compressedWithAnotherModel(let path, let expected, let found):
      "\(path) was made with the model of SHA-256 \(expected.prefix(16))…, not with this one, "
        + "\(found.prefix(16))…; name that run with --run"
    }
  }
}
