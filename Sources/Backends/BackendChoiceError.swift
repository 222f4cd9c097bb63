import OpenCLBackend

/// Why no backend could be chosen. Each text names the request, what there is, and the remedy.
public enum BackendChoiceError: Error, Equatable {
  /// The text spells no request.
  case unknownRequest(String)
  /// A GPU is required, and a backend was asked for that never uses one.
  case gpuExcluded(BackendRequest)
  /// A GPU is required, and none can be used; `found` says what there is instead.
  case noGPU(found: [String])
  /// No device answers to the request.
  case noSuchDevice(BackendRequest, found: [String])
  /// Several devices answer to the request.
  case ambiguousName(BackendRequest, matches: [String])
  /// The device asked for cannot be used.
  case deviceUnusable(BackendRequest, device: String, reason: String)

  /// Whether the command line itself is wrong, whatever the machine.
  public var isUsageError: Bool {
    switch self {
    case .unknownRequest, .gpuExcluded: true
    case .noGPU, .noSuchDevice, .ambiguousName, .deviceUnusable: false
    }
  }
}

extension BackendChoiceError: CustomStringConvertible {
  /// One line, and below it the devices it speaks of, a line each.
  public var description: String {
    switch self {
    case .unknownRequest(let text):
      "unknown backend '\(text)': say one of \(BackendRequest.forms); every maker's GPUs are reached "
        + "through opencl"
    case .gpuExcluded(let request):
      "a GPU is required, but the backend asked for is \(request): leave out one of the two"
    case .noGPU(let found):
      "a GPU is required, and none can be used: install its OpenCL driver, or require none; found:"
        + list(found)
    case .noSuchDevice(let request, let found):
      "no device answers to \(request); found:" + list(found)
    case .ambiguousName(let request, let matches):
      "several devices answer to \(request), name one by its number:" + list(matches)
    case .deviceUnusable(let request, let device, let reason):
      "\(request) is \(device), which cannot be used: \(reason)"
    }
  }

  private func list(_ lines: [String]) -> String {
    (lines.isEmpty ? ["nothing"] : lines).map { "\n  \($0)" }.joined()
  }
}
