/// Why a file does not hold the model it should.
public enum ModelFileError: Error, Equatable, CustomStringConvertible {
  /// The file is a safetensors file, but not one of this program's models.
  case foreign(path: String, missing: String)
  /// The configuration inside cannot be read.
  case configuration(path: String, reason: String)
  /// The metrics of a run cannot be read.
  case metrics(path: String, reason: String)
  /// A parameter is not there.
  case missing(String)
  /// A parameter that the model does not have.
  case unknown(String)
  /// A parameter of another shape than the model's.
  case shape(String, found: [Int], expected: [Int])

  /// One line for a person.
  public var description: String {
    switch self {
    case .foreign(let path, let missing):
      "\(path) is not a model of this program: its metadata has no '\(missing)'; "
        + "give a run folder or a model.safetensors that `vae train` wrote"
    case .configuration(let path, let reason):
      "\(path) has a configuration that cannot be used: \(reason); train it again"
    case .metrics(let path, let reason):
      "\(path) cannot be read: \(reason); move it away, and the run goes on without its history"
    case .missing(let name): "the model has no '\(name)'; the file is incomplete, train it again"
    case .unknown(let name): "the file has a '\(name)' that its configuration does not explain"
    case .shape(let name, let found, let expected):
      "'\(name)' has shape \(found) where the configuration says \(expected)"
    }
  }

  /// Checks that `arrays` are just those named in `expected`, in any order.
  static func check(_ arrays: [NamedArray], against expected: [(name: String, shape: [Int])])
    throws(ModelFileError)
  {
    let found = Dictionary(
      arrays.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    for (name, shape) in expected {
      guard let present = found[name] else { throw .missing(name) }
      if present != shape { throw .shape(name, found: present, expected: shape) }
    }
    let known = Set(expected.map(\.name))
    if let stranger = arrays.first(where: { !known.contains($0.name) }) {
      throw .unknown(stranger.name)
    }
  }
}
