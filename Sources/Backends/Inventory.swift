import Foundation
import OpenCLBackend

/// What the machine has, and what `auto` takes of it: the contents of `vae devices`.
public struct Inventory: Codable, Hashable, Sendable {
  /// The OpenCL platforms' names, those without devices included.
  public var platforms: [String]
  /// All OpenCL devices, in the order of their numbers.
  public var devices: [OpenCLDevice]
  /// Drivers, platforms and devices that cannot be used, a line each.
  public var failures: [String]
  /// What `auto` takes: `opencl` or `blas`.
  public var automaticBackend: String
  /// The number of the device that `auto` takes, if it takes one.
  public var automaticDevice: Int?
  /// Why, in one line.
  public var automaticReason: String

  /// Scans the machine. A GPU that `auto` would take has its kernels built, to be sure of it.
  ///
  /// - Parameters:
  ///   - kernels: The kernels' folder, as `--kernels` gives it.
  ///   - environment: Where `VAE_KERNELS` is looked up.
  public static func current(
    kernels: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Inventory {
    let scan = OpenCLScan.current()
    var unusable: [Int: String] = [:]
    while true {
      let choice = automaticChoice(scan, memory: nil, unusable: unusable)
      guard case .opencl(let index) = choice.target else {
        return Inventory(scan, backend: "blas", device: nil, reason: choice.reason)
      }
      do {
        _ = try openCLBackend(device: index, kernels: kernels, environment: environment)
        return Inventory(scan, backend: "opencl", device: index, reason: choice.reason)
      } catch {
        unusable[index] = "\(error)"
      }
    }
  }

  private init(_ scan: OpenCLScan, backend: String, device: Int?, reason: String) {
    platforms = scan.platforms
    devices = scan.devices
    failures = scan.failures
    automaticBackend = backend
    automaticDevice = device
    automaticReason = reason
  }
}
