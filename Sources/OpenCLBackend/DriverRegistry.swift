import Foundation

/// The `.icd` files that name the installed OpenCL drivers' libraries.
///
/// The ICD loader skips a file whose library cannot be loaded without a word; this says which.
package enum DriverRegistry {
  /// A line for each driver that is registered but cannot be loaded, for NVIDIA's where it is
  /// installed but not registered, or for the registry itself.
  ///
  /// - Parameters:
  ///   - environment: Where `OCL_ICD_VENDORS`, a folder or file instead of `folder`, is looked up.
  ///   - folder: The machine's `.icd` files.
  ///   - nvidia: NVIDIA's driver. Containers are given the library, but often no file that names it.
  package static func failures(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    folder: String = "/etc/OpenCL/vendors", nvidia: String = "libnvidia-opencl.so.1"
  ) -> [String] {
    if let place = environment["OCL_ICD_VENDORS"] { return failures(in: place) }
    let named = files(in: folder).compactMap { library(namedBy: $0) }
    if named.contains(where: { $0.contains("libnvidia-opencl") }) || loadFailure(of: nvidia) != nil
    {
      return failures(in: folder)
    }
    let unregistered =
      "NVIDIA's OpenCL driver is installed but not registered: write \(nvidia) into "
      + "\(folder)/nvidia.icd, or into such a file in a folder that OCL_ICD_VENDORS names"
    return [unregistered] + failures(in: folder)
  }

  private static func failures(in place: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
      return ["no OpenCL driver is registered: \(place) does not exist"]
    }
    guard isFolder.boolValue else { return place.hasSuffix(".icd") ? failure(of: place) : [] }
    let files = files(in: place)
    if files.isEmpty { return ["no OpenCL driver is registered: \(place) has no .icd file"] }
    return files.flatMap(failure)
  }

  private static func files(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".icd") }.sorted().map { folder + "/" + $0 }
  }

  private static func failure(of file: String) -> [String] {
    guard let library = library(namedBy: file) else { return ["\(file) cannot be read"] }
    if library.isEmpty { return ["\(file) names no library"] }
    guard let reason = loadFailure(of: library) else { return [] }
    return ["\(file) names \(library), which cannot be loaded: \(reason)"]
  }

  private static func library(namedBy file: String) -> String? {
    let text = try? String(contentsOfFile: file, encoding: .utf8)
    return text?.prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
  }

  private static func loadFailure(of library: String) -> String? {
    // Left loaded: the loader has loaded it too, or never will.
    guard dlopen(library, RTLD_LAZY | RTLD_LOCAL) == nil else { return nil }
    return dlerror().map { String(cString: $0) } ?? "unknown reason"
  }
}
