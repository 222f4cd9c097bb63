import Backend
import Files
import Foundation
import OpenCLBackend

/// How `vae tune` found a device's matrix products to be computed fastest, kept in the user's cache folder.
package struct StoredTiling: Codable, Equatable {
  /// A product, and how to divide it.
  package struct Choice: Codable, Equatable {
    package let product: MatrixProduct
    package let variant: GPUVariant

    package init(product: MatrixProduct, variant: GPUVariant) {
      self.product = product
      self.variant = variant
    }
  }

  /// The device, with its driver's version.
  package let device: String
  /// SHA-256 of what was measured: the kernels' text and their build options.
  package let kernels: String
  package private(set) var choices: [Choice]

  /// Nothing chosen yet for `backend`.
  package init(for backend: OpenCLBackend) {
    device = backend.device
    kernels = Self.digest(of: backend)
    choices = []
  }

  /// Adds choices, in place of earlier ones for the same products.
  package mutating func add(_ new: [Choice]) {
    choices = choices.filter { old in !new.contains { $0.product == old.product } } + new
  }

  private static func digest(of backend: OpenCLBackend) -> String {
    SHA256.hexadecimal(of: Data((backend.buildOptions + "\n" + backend.sourceText).utf8))
  }

  /// Where a device's choices are kept: below `XDG_CACHE_HOME`, or `.cache` in the home folder.
  package static func path(
    for device: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    let named = environment["XDG_CACHE_HOME"] ?? ""
    let cache =
      named.hasPrefix("/") ? named : (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
    let readable = device.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let digest = SHA256.hexadecimal(of: Data(device.utf8)).prefix(8)
    return "\(cache)/swift-vae/tuning/\(String(readable.prefix(60)))-\(digest).json"
  }

  /// What is kept for `backend`, or why that is of no use; neither where nothing is.
  package static func load(
    for backend: OpenCLBackend,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> (tiling: StoredTiling?, obstacle: String?) {
    let path = path(for: backend.device, environment: environment)
    guard FileSystem.exists(path) else { return (nil, nil) }
    do {
      let stored = try JSONDecoder().decode(Self.self, from: FileSystem.read(path))
      guard stored.device == backend.device else { return (nil, "\(path) is of \(stored.device)") }
      guard stored.kernels == digest(of: backend) else {
        return (nil, "\(path) was measured with other kernels; run `vae tune` again")
      }
      guard stored.choices.allSatisfy({ (1...1 << 10).contains($0.variant.slices) }) else {
        return (nil, "\(path) is damaged; run `vae tune` again")
      }
      return (stored, nil)
    } catch is DecodingError {
      return (nil, "\(path) is damaged; run `vae tune` again")
    } catch {
      return (nil, "\(error)")
    }
  }

  /// Keeps it, in one step.
  ///
  /// - Returns: where.
  /// - Throws: `FileError`.
  package func save(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> String {
    let path = Self.path(for: device, environment: environment)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try FileSystem.createFolder(FileSystem.split(path).folder)
    try FileSystem.write(try encoder.encode(self), to: path)
    return path
  }

  /// Has `backend` divide products so. One that the device can no longer run so, and one that was not
  /// measured, stay with the rule.
  package func apply(to backend: OpenCLBackend) {
    guard var tiling = backend.gpuTiling else { return }
    let table = Dictionary(choices.map { ($0.product, $0.variant) }) { $1 }
    tiling.choice = { table[$0] }
    backend.gpuTiling = tiling
  }
}

extension OpenCLBackend {
  /// Applies what is stored for the device.
  ///
  /// - Returns: what to say of it; nothing where nothing is stored, or the kernels are those for CPUs.
  func applyStoredTiling(environment: [String: String]) -> String? {
    guard gpuTiling != nil else { return nil }
    let (stored, obstacle) = StoredTiling.load(for: self, environment: environment)
    guard let stored else { return obstacle.map { "tuning ignored: \($0)" } }
    stored.apply(to: self)
    return "\(stored.choices.count) products divided as `vae tune` measured"
  }
}
