/// What a backend can fail with. Each text names the thing, the value and the remedy.
public enum BackendError: Error, Equatable {
  /// The device has no room for the arena or a data set.
  case outOfMemory(device: String, purpose: String, requested: Int, available: Int?)
  /// An operation, or moving data, failed on the device.
  case operationFailed(operation: String, device: String, reason: String)
}

extension BackendError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .outOfMemory(let device, let purpose, let requested, let available):
      let room = available.map { ", which has \(megabytes($0)) for it" } ?? ""
      return "\(purpose) needs \(megabytes(requested)) on \(device)\(room): "
        + "use a smaller model, batch or data set, or another device (vae devices)"
    case .operationFailed(let operation, let device, let reason):
      return "\(operation) failed on \(device): \(reason)"
    }
  }

  private func megabytes(_ bytes: Int) -> String {
    "\(((bytes - 1) >> 20) + 1) MB"
  }
}
