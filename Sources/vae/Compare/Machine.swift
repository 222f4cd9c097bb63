import Files
import Foundation
import OpenCLBackend
import Terminal

/// The computer underneath.
struct Machine: Encodable {
  /// The processor, by its own name.
  let processor: String
  /// How many of them this process may use.
  let processors: Int
  /// The operating system and its kernel.
  let system: String

  static func current() -> Machine {
    let information = ProcessInfo.processInfo
    let model = text("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
    return Machine(
      processor: [model, architecture].compactMap { $0 }.joined(separator: ", "),
      processors: information.activeProcessorCount,
      system: "\(information.operatingSystemVersionString), Linux "
        + text("/proc/sys/kernel/osrelease").trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "another architecture"
    #endif
  }

  /// All of it.
  var line: String {
    "\(processor), \(Format.count(processors, "processor")); \(system)"
  }
}

/// The kernels' files, so that two comparisons can be told to have used the same.
struct KernelFolder: Encodable {
  let path: String
  /// SHA-256 of the files, one behind the other in the order of their names.
  let hash: String

  init(_ path: String) throws {
    var content = Data()
    for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    where name.hasSuffix(".cl") || name.hasSuffix(".h") {
      content += try FileSystem.read("\(path)/\(name)")
    }
    self.path = path
    hash = SHA256.hexadecimal(of: content)
  }
}

/// The running program's SHA-256: which build it was.
func programHash() throws -> String {
  SHA256.hexadecimal(of: try FileSystem.read(KernelSources.executable))
}
