import Foundation

/// Where the kernels' files are looked for, and what is read there.
public struct KernelSources: Sendable {
  /// The folder the files are read from.
  public let directory: String

  /// The environment variable that names the folder.
  public static let variable = "VAE_KERNELS"

  /// Looks in `explicit` alone where it is given, else in `VAE_KERNELS` alone where that is set;
  /// else in `Kernels` beside the executable, in `Kernels` of the package checkout around the
  /// executable, so that an edited kernel counts without a build, and in the package's resources.
  ///
  /// - Throws: `OpenCLError.kernelFileMissing` with the folders tried.
  public init(
    explicit: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: String = Self.executable
  ) throws(OpenCLError) {
    let folders = Self.folders(
      explicit: explicit, environment: environment, executable: executable)
    guard let found = folders.first(where: { Self.isFile($0 + "/" + Self.landmark) }) else {
      throw .kernelFileMissing(name: Self.landmark, tried: folders)
    }
    directory = found
  }

  /// The folders to look in, in their order.
  static func folders(explicit: String?, environment: [String: String], executable: String)
    -> [String]
  {
    if let explicit { return [explicit] }
    if let named = environment[variable], !named.isEmpty { return [named] }
    let home = URL(fileURLWithPath: executable).deletingLastPathComponent()
    var folders = [home.appendingPathComponent("Kernels").path]
    var ancestor = home
    while ancestor.path != "/" {
      if isFile(ancestor.appendingPathComponent("Package.swift").path) {
        folders.append(ancestor.appendingPathComponent("Kernels").path)
        break
      }
      ancestor.deleteLastPathComponent()
    }
    // Not through Bundle.module, which ends the process where the folder is missing.
    folders.append(home.appendingPathComponent("swift-vae_OpenCLBackend.resources").path)
    return folders
  }

  /// The running executable.
  public static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }

  /// The file whose presence makes a folder the kernels'.
  private static let landmark = "vector.h"

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }
}

extension KernelSources {
  /// `files` one behind the other, with every `#include "…"` replaced by the file it names.
  ///
  /// Not left to the compiler's `-I`: drivers disagree about folders with spaces in their names, and
  /// those that keep built programs do not notice an edited header. `#line` directives keep file
  /// and line in the log.
  package func text(of files: [String]) throws(OpenCLError) -> String {
    var text = ""
    for file in files { try append(file, to: &text, within: []) }
    return text
  }

  private func append(_ file: String, to text: inout String, within including: Set<String>)
    throws(OpenCLError)
  {
    let lines = try read(file).split(separator: "\n", omittingEmptySubsequences: false)
    text += "#line 1 \"\(file)\"\n"
    for (index, line) in lines.enumerated() {
      // A file that includes itself keeps the line, for the compiler to complain about.
      if let header = Self.header(includedBy: line), header != file, !including.contains(header) {
        try append(header, to: &text, within: including.union([file]))
        text += "#line \(index + 2) \"\(file)\"\n"
      } else {
        text += line + "\n"
      }
    }
  }

  private static func header(includedBy line: Substring) -> String? {
    guard line.hasPrefix("#include \""), line.hasSuffix("\"") else { return nil }
    return String(line.dropFirst(10).dropLast())
  }

  private func read(_ file: String) throws(OpenCLError) -> String {
    let path = directory + "/" + file
    guard Self.isFile(path) else { throw .kernelFileMissing(name: file, tried: [directory]) }
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw .kernelFileUnreadable(path: path, reason: error.localizedDescription)
    }
  }
}
