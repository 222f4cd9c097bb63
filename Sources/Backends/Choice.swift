import OpenCLBackend

/// A backend to make, and why that one.
package struct Choice: Hashable {
  package enum Target: Hashable {
    case opencl(Int)
    case blas
    case reference
  }

  package let target: Target
  package let reason: String

  package init(target: Target, reason: String) {
    self.target = target
    self.reason = reason
  }
}

/// What `request` means on a machine with the devices of `scan`.
///
/// - Parameters:
///   - memory: What the work takes of the device's memory, if known.
///   - unusable: Devices that were tried and failed, and why.
/// - Throws: `BackendChoiceError`.
package func choose(
  _ request: BackendRequest, requireGPU: Bool, among scan: OpenCLScan, memory: MemoryDemand?,
  unusable: [Int: String] = [:]
) throws(BackendChoiceError) -> Choice {
  switch request {
  case .blas, .reference:
    if requireGPU { throw .gpuExcluded(request) }
    return Choice(target: request == .blas ? .blas : .reference, reason: "asked for")
  case .automatic:
    let choice = automaticChoice(scan, memory: memory, unusable: unusable)
    if requireGPU, choice.target == .blas {
      throw .noGPU(found: found(scan, memory: memory, unusable: unusable))
    }
    return choice
  case .opencl, .openclIndex, .openclName:
    let device = try deviceAsked(request, scan, memory: memory, unusable: unusable)
    if let obstacle = obstacle(device, memory: memory, unusable: unusable) {
      throw .deviceUnusable(request, device: device.summary, reason: obstacle)
    }
    if requireGPU, !device.isGPU {
      throw .noGPU(found: found(scan, memory: memory, unusable: unusable))
    }
    return Choice(target: .opencl(device.index), reason: "asked for")
  }
}

/// What `auto` takes: the first GPU or accelerator that can be used, else BLAS. Never a CPU through
/// OpenCL, which BLAS drives better.
func automaticChoice(_ scan: OpenCLScan, memory: MemoryDemand?, unusable: [Int: String]) -> Choice {
  let candidates = scan.devices.filter(\.isGPU)
  if let device = candidates.first(where: {
    obstacle($0, memory: memory, unusable: unusable) == nil
  }) {
    return Choice(target: .opencl(device.index), reason: "the first GPU that can be used")
  }
  let reason: String
  if !candidates.isEmpty {
    reason = candidates.map { device in
      "\(device.name) cannot be used: "
        + firstLine(obstacle(device, memory: memory, unusable: unusable) ?? "")
    }.joined(separator: "; ")
  } else if !scan.devices.isEmpty {
    reason = "no GPU, and a CPU is left to BLAS rather than OpenCL"
  } else {
    reason = scan.failures.first.map(firstLine) ?? "no OpenCL device"
  }
  return Choice(target: .blas, reason: reason)
}

/// The device that `request` names; for `opencl` the first usable one, GPUs before CPUs.
private func deviceAsked(
  _ request: BackendRequest, _ scan: OpenCLScan, memory: MemoryDemand?, unusable: [Int: String]
) throws(BackendChoiceError) -> OpenCLDevice {
  var matches: [OpenCLDevice]
  switch request {
  case .openclIndex(let index):
    matches = scan.devices.filter { $0.index == index }
  case .openclName(let name):
    matches = scan.devices.filter {
      $0.name.lowercased().contains(name.lowercased())
        || $0.platform.lowercased().contains(name.lowercased())
    }
    if matches.count > 1 { throw .ambiguousName(request, matches: matches.map(\.line)) }
  default:
    matches = scan.devices.filter(\.isGPU) + scan.devices.filter { !$0.isGPU }
    let usable = matches.filter { obstacle($0, memory: memory, unusable: unusable) == nil }
    if !usable.isEmpty { matches = usable }
  }
  guard let device = matches.first else {
    throw .noSuchDevice(request, found: found(scan, memory: memory, unusable: unusable))
  }
  return device
}

/// Why a device cannot be used; `nil` if it can, as far as is known.
private func obstacle(_ device: OpenCLDevice, memory: MemoryDemand?, unusable: [Int: String])
  -> String?
{
  if let failure = unusable[device.index] { return failure }
  if !device.available { return "its driver says that it is not available" }
  if !device.compilerAvailable { return "its driver has no compiler for kernels" }
  guard let memory else { return nil }
  let remedy = "a smaller model, batch or data set needs less"
  if memory.bytes > device.memory {
    return "it has \(device.memory >> 20) MB of memory, and \(memory.bytes >> 20) MB are needed; "
      + remedy
  }
  if memory.largestBuffer > device.largestBuffer {
    return "it gives \(device.largestBuffer >> 20) MB in one piece, and "
      + "\(memory.largestBuffer >> 20) MB are needed; \(remedy)"
  }
  return nil
}

/// Everything found, a line each: devices with what is in their way, then failures.
private func found(_ scan: OpenCLScan, memory: MemoryDemand?, unusable: [Int: String]) -> [String] {
  scan.devices.map { device in
    device.line
      + (obstacle(device, memory: memory, unusable: unusable).map { ": " + firstLine($0) } ?? "")
  } + scan.failures
}

private func firstLine(_ text: String) -> String {
  text.split(separator: "\n").first.map(String.init) ?? text
}

extension OpenCLDevice {
  /// Whether it is what `auto` and `--require-gpu` look for: a GPU or another accelerator.
  var isGPU: Bool { type == .gpu || type == .accelerator }

  /// Number, kind, name and driver.
  var line: String { "opencl:\(index) \(type.rawValue) \(name) (\(platform), driver \(driver))" }
}
