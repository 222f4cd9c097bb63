import Foundation

/// The `.icd` files that name the installed OpenCL drivers' libraries.
///
/// The ICD loader skips a file whose library cannot be loaded without a word; this says which.
package enum DriverRegistry {
  /// A line for each driver that is registered but cannot be loaded, or for the registry itself.
  package static func failures(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String] {
    let place = environment["OCL_ICD_VENDORS"] ?? "/etc/OpenCL/vendors"
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
      return ["no OpenCL driver is registered: \(place) does not exist"]
    }
    guard isFolder.boolValue else { return place.hasSuffix(".icd") ? failure(of: place) : [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    let files = names.filter { $0.hasSuffix(".icd") }.sorted()
    if files.isEmpty { return ["no OpenCL driver is registered: \(place) has no .icd file"] }
    return files.flatMap { failure(of: place + "/" + $0) }
  }

  private static func failure(of file: String) -> [String] {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      return ["\(file) cannot be read"]
    }
    let library = text.prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
    if library.isEmpty { return ["\(file) names no library"] }
    // Left loaded: the loader has loaded it too, or never will.
    guard dlopen(library, RTLD_LAZY | RTLD_LOCAL) == nil else { return [] }
    let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
    return ["\(file) names \(library), which cannot be loaded: \(reason)"]
  }
}
