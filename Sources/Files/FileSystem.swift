import Foundation

/// Whole files, read and written with errors that say what to do.
public enum FileSystem {
  /// Whether `path` is there and a folder.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether anything is at `path`.
  public static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// Creates the folder at `path` and the folders above it. One that is there already is kept.
  ///
  /// - Throws: `FileError`.
  public static func createFolder(_ path: String) throws(FileError) {
    if isFolder(path) { return }
    let parent = split(path).folder
    if !parent.isEmpty && parent != path { try createFolder(parent) }
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    // Another process may have been faster.
    if isFolder(path) { return }
    if code == EEXIST { throw .isNotFolder(path: path) }
    throw .refused(action: "create the folder", path: path, code: code)
  }

  /// The folder, empty where none is named, and the last name of `path`.
  ///
  /// Not through NSString, whose `deletingLastPathComponent` traps on a path of one character.
  public static func split(_ path: String) -> (folder: String, name: String) {
    var trimmed = path[...]
    while trimmed.count > 1 && trimmed.last == "/" { trimmed.removeLast() }
    guard let slash = trimmed.lastIndex(of: "/") else { return ("", String(trimmed)) }
    let folder = slash == trimmed.startIndex ? "/" : trimmed[..<slash]
    return (String(folder), String(trimmed[trimmed.index(after: slash)...]))
  }

  /// The whole content of the file at `path`.
  ///
  /// - Throws: `FileError`.
  public static func read(_ path: String) throws(FileError) -> Data {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("read", path) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read", path) }
    if status.st_mode & S_IFMT == S_IFDIR { throw .isFolder(path: path) }

    // The size is a hint: devices and pipes have none. One byte more meets the end of the file
    // without growing.
    var content = Data(count: Int(status.st_size) + 1)
    var filled = 0
    while true {
      if filled == content.count { content.count += max(content.count, 1 << 16) }
      let received = content.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if received == 0 { break }
      if received > 0 {
        filled += received
      } else if errno != EINTR {
        throw failure("read", path)
      }
    }
    content.count = filled
    return content
  }

  /// The error of the system call that has just failed.
  static func failure(_ action: String, _ path: String) -> FileError {
    switch errno {
    case ENOENT where action == "read": .missing(path: path)
    case EISDIR: .isFolder(path: path)
    case let code: .refused(action: action, path: path, code: code)
    }
  }
}
