/// What `--backend` or `VAE_BACKEND` asks for.
public enum BackendRequest: Hashable, Sendable {
  /// `auto`: a GPU, else BLAS.
  case automatic
  /// `opencl`: the best OpenCL device, whatever its kind.
  case opencl
  /// `opencl:INDEX`: the device of that number in `vae devices`.
  case openclIndex(Int)
  /// `opencl:NAME`: the one device whose name, or platform's name, has NAME in it, in any case.
  case openclName(String)
  /// `blas`: OpenBLAS on the host.
  case blas
  /// `reference`: Double, plain loops.
  case reference

  /// The environment variable that holds a request.
  public static let variable = "VAE_BACKEND"

  /// The forms a request can take, for help texts.
  public static let forms = "auto, opencl, opencl:INDEX, opencl:NAME, blas, reference"

  /// The request that `text` spells.
  ///
  /// - Throws: `BackendChoiceError.unknownRequest`.
  public init(_ text: String) throws(BackendChoiceError) {
    switch text {
    case "auto": self = .automatic
    case "opencl": self = .opencl
    case "blas": self = .blas
    case "reference": self = .reference
    default:
      let device = text.hasPrefix("opencl:") ? text.dropFirst("opencl:".count) : ""
      guard !device.isEmpty else { throw .unknownRequest(text) }
      // A number too large for an Int is no device's name either.
      self =
        device.allSatisfy(\.isWholeNumber)
        ? .openclIndex(Int(device) ?? .max) : .openclName(String(device))
    }
  }

  /// `explicit` if given, else what `environment` asks for, else `automatic`.
  ///
  /// - Throws: `BackendChoiceError.unknownRequest`.
  public static func resolve(_ explicit: BackendRequest?, environment: [String: String])
    throws(BackendChoiceError) -> BackendRequest
  {
    if let explicit { return explicit }
    guard let text = environment[variable], !text.isEmpty else { return .automatic }
    return try BackendRequest(text)
  }
}

extension BackendRequest: CustomStringConvertible {
  /// As it is spelt.
  public var description: String {
    switch self {
    case .automatic: "auto"
    case .opencl: "opencl"
    case .openclIndex(let index): "opencl:\(index)"
    case .openclName(let name): "opencl:\(name)"
    case .blas: "blas"
    case .reference: "reference"
    }
  }
}
