import BLASBackend
import Backend
import Foundation
import OpenCLBackend
import ReferenceBackend

/// A backend ready for work.
public struct ChosenBackend {
  /// The backend.
  public let backend: any Backend
  /// Why this one, in one line.
  public let reason: String
  /// What of `vae tune`'s measurements is in use, or why it is not; `nil` where there are none.
  public let tuning: String?

  /// A backend, and why.
  public init(backend: any Backend, reason: String, tuning: String? = nil) {
    self.backend = backend
    self.reason = reason
    self.tuning = tuning
  }
}

/// Makes the backend that is asked for.
///
/// `auto` tries every GPU that the drivers offer, builds the kernels for it, and falls back to BLAS.
///
/// - Parameters:
///   - request: What the command line asks for; `nil` leaves it to `VAE_BACKEND`, then to `auto`.
///   - requireGPU: Whether anything but a GPU or another accelerator is a failure.
///   - kernels: The kernels' folder, as `--kernels` gives it.
///   - tuning: Which OpenCL kernels.
///   - memory: What the work takes of the device's memory, if known.
///   - profile: Where operations' times are recorded, if they are wanted: a device's own for OpenCL,
///     the calls' otherwise.
///   - environment: Where `VAE_BACKEND` and `VAE_KERNELS` are looked up.
/// - Throws: `BackendChoiceError`, or `OpenCLError` for a device that was asked for.
public func chooseBackend(
  _ request: BackendRequest? = nil, requireGPU: Bool = false, kernels: String? = nil,
  tuning: Tuning = .automatic, memory: MemoryDemand? = nil, profile: Profile? = nil,
  environment: [String: String] = ProcessInfo.processInfo.environment
) throws -> ChosenBackend {
  let asked = try BackendRequest.resolve(request, environment: environment)
  let scan = asked.usesOpenCL ? OpenCLScan.current() : OpenCLScan(platforms: [], devices: [])
  var unusable: [Int: String] = [:]
  while true {
    let choice = try choose(
      asked, requireGPU: requireGPU, among: scan, memory: memory, unusable: unusable)
    switch choice.target {
    case .blas:
      return ChosenBackend(
        backend: timed(BLASBackend(), for: profile), reason: choice.reason)
    case .reference:
      return ChosenBackend(
        backend: timed(ReferenceBackend(), for: profile), reason: choice.reason)
    case .opencl(let index):
      do {
        let backend = try openCLBackend(
          device: index, kernels: kernels, tuning: tuning, profile: profile,
          environment: environment)
        // Only trying shows whether there is room beside what others hold, or another device has to serve; it is
        // given back for the real thing.
        if let memory, asked == .automatic {
          let largest = scan.devices.first { $0.index == index }?.largestBuffer ?? .max
          let bytes = min(memory.bytes, max(largest - backend.arenaSlack, 0))
          try backend.allocate(elements: bytes / MemoryLayout<Float>.stride)
          try backend.allocate(elements: 0)
        }
        return ChosenBackend(
          backend: backend, reason: choice.reason,
          tuning: backend.applyStoredTiling(environment: environment))
      } catch  where asked == .automatic {
        unusable[index] = "\(error)"
      }
    }
  }
}

extension BackendRequest {
  var usesOpenCL: Bool { self != .blas && self != .reference }
}

private func timed(_ backend: any Backend, for profile: Profile?) -> any Backend {
  profile.map { ObservedBackend(timing: backend, for: $0) } ?? backend
}

/// Device `index` with the kernels found from `kernels` and `environment`.
func openCLBackend(
  device index: Int, kernels: String?, tuning: Tuning = .automatic, profile: Profile? = nil,
  environment: [String: String]
) throws -> OpenCLBackend {
  try OpenCLBackend(
    device: index, kernels: KernelSources(explicit: kernels, environment: environment),
    tuning: tuning, profile: profile)
}
