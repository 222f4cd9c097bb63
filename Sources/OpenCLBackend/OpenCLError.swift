import Foundation

/// Why a backend on an OpenCL device cannot be made.
public enum OpenCLError: Error, Equatable {
  /// No device has the index.
  case noSuchDevice(index: Int, failures: [String])
  /// A call that prepares the device failed.
  case deviceFailed(device: String, status: OpenCLStatus)
  /// The kernels do not compile for the device.
  case buildFailed(device: String, kernels: String, status: OpenCLStatus, log: String)
  /// A kernel file was not where it should be.
  case kernelFileMissing(name: String, tried: [String])
  /// A kernel file cannot be read.
  case kernelFileUnreadable(path: String, reason: String)
  /// The device has too few registers or too little local memory for a kernel.
  case deviceTooSmall(device: String, kernel: String)
}

extension OpenCLError: CustomStringConvertible {
  /// The thing, the value and the remedy; a build's log below that.
  public var description: String {
    switch self {
    case .noSuchDevice(let index, let failures):
      let why = failures.isEmpty ? "" : " (\(failures.joined(separator: "; ")))"
      return "there is no OpenCL device \(index)\(why): vae devices lists them"
    case .deviceFailed(let device, let status):
      return "\(device) cannot be used: \(status); choose another backend (vae devices lists them)"
    case .buildFailed(let device, let kernels, let status, let log):
      let text = log.trimmingCharacters(in: .whitespacesAndNewlines)
      return
        "the kernels in \(kernels) do not compile for \(device) (\(status)): mend the file and line below, "
        + "or choose other kernels with --kernels or VAE_KERNELS\n"
        + (text.isEmpty ? "(the driver gave no log)" : text)
    case .kernelFileMissing(let name, let tried):
      return "kernel file \(name) not found in \(tried.joined(separator: ", nor in ")): "
        + "name its folder with --kernels or VAE_KERNELS"
    case .kernelFileUnreadable(let path, let reason):
      return "kernel file \(path) cannot be read: \(reason)"
    case .deviceTooSmall(let device, let kernel):
      return "\(device) has too few registers or too little local memory for the kernel \(kernel): "
        + "choose another device (vae devices lists them)"
    }
  }
}
