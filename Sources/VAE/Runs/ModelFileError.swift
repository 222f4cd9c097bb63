/// Why a file does not hold the model it should.
public enum ModelFileError: Error, Equatable, CustomStringConvertible {
  /// The file is a safetensors file, but not one of this program's models.
  case foreign(path: String, missing: String)
  /// The configuration inside cannot be read.
  case configuration(path: String, reason: String)
  /// The metrics of a run cannot be read.
  case metrics(path: String, reason: String)
  /// A parameter is not there; here as in what follows, `path` is `nil` where the arrays are of no file.
  case missing(String, path: String? = nil)
  /// A parameter that the model does not have.
  case unknown(String, path: String? = nil)
  /// A parameter of another shape than the model's.
  case shape(String, found: [Int], expected: [Int], path: String? = nil)
  /// A parameter has infinite values, or some that are not numbers.
  case notFinite(String, path: String? = nil)

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
    case .missing(let name, let path):
      "\(holder(path)) no '\(name)', which the model's configuration asks for; copy it again, or train "
        + "the model again"
    case .unknown(let name, let path):
      "\(holder(path)) a '\(name)', which the model's configuration does not explain; take it out, or "
        + "give the configuration that goes with it"
    case .shape(let name, let found, let expected, let path):
      "\(holder(path)) a '\(name)' of shape \(found) where the model's configuration says \(expected); "
        + "give the configuration that goes with it"
    case .notFinite(let name, let path):
      "\(holder(path)) a '\(name)' that is infinite or not a number in places: the model is broken, train "
        + "it again with a lower --learning-rate"
    }
  }

  private func holder(_ path: String?) -> String { path.map { "\($0) has" } ?? "the arrays have" }

  /// Checks that `arrays`, of the file at `path` if they are of one, are just those named in `expected`, in any
  /// order.
  static func check(
    _ arrays: [NamedArray], against expected: [(name: String, shape: [Int])],
    path: String? = nil
  ) throws(ModelFileError) {
    let found = Dictionary(
      arrays.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    for (name, shape) in expected {
      guard let present = found[name] else { throw .missing(name, path: path) }
      if present != shape {
        throw .shape(name, found: present, expected: shape, path: path)
      }
    }
    let known = Set(expected.map(\.name))
    if let stranger = arrays.first(where: { !known.contains($0.name) }) {
      throw .unknown(stranger.name, path: path)
    }
  }

  /// Checks that all values of `arrays`, of the file at `path`, are finite.
  static func checkFinite(_ arrays: [NamedArray], path: String) throws(ModelFileError) {
    if let broken = arrays.first(where: { !$0.values.allSatisfy(\.isFinite) }) {
      throw .notFinite(broken.name, path: path)
    }
  }
}
