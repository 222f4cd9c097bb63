import Foundation

/// How many threads to use: what `OPENBLAS_NUM_THREADS` or `OMP_NUM_THREADS` says, else the processors
/// that this process may use.
package func defaultThreadCount(
  environment: [String: String] = ProcessInfo.processInfo.environment
) -> Int {
  for name in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"] {
    if let count = environment[name].flatMap(Int.init), count >= 1 { return count }
  }
  let processors = ProcessInfo.processInfo.activeProcessorCount
  return min(processors, containerProcessors() ?? processors)
}

/// A container's share of the processors (cgroup v2), rounded up: threads beyond it would be put aside
/// in the middle of their work.
private func containerProcessors() -> Int? {
  guard let line = controlGroupSetting("cpu.max") else { return nil }
  let fields = line.split(separator: " ").compactMap { Double($0) }
  guard fields.count == 2, fields[0] > 0, fields[1] > 0 else { return nil }
  return max(1, Int((fields[0] / fields[1]).rounded(.up)))
}

/// The memory that a process may use here: the machine's, or its container's (cgroup v2) if that is
/// less.
func memoryLimit() -> Int {
  let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)
  return min(physical, controlGroupSetting("memory.max").flatMap { Int($0) } ?? physical)
}

/// A limit of the control group that a container sees as the root; `nil` without one.
private func controlGroupSetting(_ name: String) -> String? {
  (try? String(contentsOfFile: "/sys/fs/cgroup/\(name)", encoding: .utf8))?
    .trimmingCharacters(in: .whitespacesAndNewlines)
}
