import Foundation

/// Where things of the package are.
package enum PackagePaths {
  /// The root of the package.
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The kernels' sources.
  package static let kernels = root.appendingPathComponent("Kernels")

  /// `vae`, which the build puts beside the tests.
  package static let program: URL = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("vae")
  }()
}
