import Foundation
import TestSupport

/// The package once more, with sources of the BLAS path that may be changed and links to all else.
///
/// It stays in `.build/faults`: the first build of `vae` there is a whole one, any other takes the seconds
/// that one changed file does.
struct ScratchPackage {
  private static let copied = ["BLASBackend", "CVectorMath"]

  private let root = PackagePaths.root.appendingPathComponent(".build/faults/package")
  private let products = PackagePaths.root.appendingPathComponent(".build/faults/build")
  private var sources: URL { root.appendingPathComponent("Sources") }

  /// A package without a fault.
  init() throws {
    let files = FileManager.default
    if files.fileExists(atPath: root.path) { try files.removeItem(at: root) }
    try files.createDirectory(at: sources, withIntermediateDirectories: true)
    let modules = try files.contentsOfDirectory(
      atPath: PackagePaths.root.appendingPathComponent("Sources").path)
    for path in ["Package.swift", "Kernels", "Tests"] + modules.map({ "Sources/\($0)" }) {
      let (original, place) = (
        PackagePaths.root.appendingPathComponent(path), root.appendingPathComponent(path)
      )
      if Self.copied.contains(original.lastPathComponent) {
        try files.copyItem(at: original, to: place)
      } else {
        try files.createSymbolicLink(at: place, withDestinationURL: original)
      }
    }
  }

  /// What `vae compare --backends blas` says of the sources as they are, with `arguments`.
  func compare(_ fault: Fault) throws -> Comparison.Outcome {
    let file = sources.appendingPathComponent(fault.file)
    let sound = try Data(contentsOf: file)
    try fault.apply(below: sources).write(to: file, atomically: true, encoding: .utf8)
    // An equivalent fault is one that no section sees; one section is enough for any other.
    let outcome = Result {
      try comparison(fault.equivalence == nil ? ["--only", "operations"] : []).run()
    }
    try sound.write(to: file)
    return try outcome.get()
  }

  /// Builds `vae` for a comparison of the BLAS path with the reference.
  func comparison(_ arguments: [String] = []) throws -> Comparison {
    let (status, output) = try execute(
      URL(fileURLWithPath: "/usr/bin/env"),
      ["swift", "build", "--configuration", "release", "--product", "vae"]
        + ["--package-path", root.path, "--scratch-path", products.path])
    guard status == 0 else {
      throw Comparison.Failure(description: "swift build ended with \(status):\n\(output)")
    }
    // Four threads cut a matrix both ways, on any machine.
    return Comparison(
      executable: products.appendingPathComponent("release/vae"),
      arguments: ["--backends", "blas"] + arguments, environment: ["OPENBLAS_NUM_THREADS": "4"])
  }
}
