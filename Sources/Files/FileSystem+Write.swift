import Foundation

extension FileSystem {
  /// Puts `content` at `path` in one step: a reader, or a machine that loses power, finds the old
  /// file or the new one, never a mixture.
  ///
  /// The content goes to a hidden file in the same folder, to the disk, and is then renamed over
  /// `path`. On failure that file is removed and the old one stays as it was. A symbolic link keeps
  /// pointing where it does. A device or pipe at `path` is written to directly.
  ///
  /// - Throws: `FileError`.
  public static func write(_ content: Data, to path: String) throws(FileError) {
    var status = stat()
    let exists = stat(path, &status) == 0
    switch exists ? status.st_mode & S_IFMT : S_IFREG {
    case S_IFREG:
      // A new file gets what the umask leaves, a replaced one keeps its permissions.
      try replace(
        exists ? destination(of: path) : path, with: content,
        permissions: exists ? status.st_mode & 0o7777 : nil)
    case S_IFDIR:
      throw .isFolder(path: path)
    default:
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure("write", path) }
      defer { close(descriptor) }
      try put(content, into: descriptor, of: path)
    }
  }

  /// Makes sure that `write(_:to:)` will find a place at `path`, for work that takes long before it has
  /// something to write. Nothing at `path` changes.
  ///
  /// - Throws: `FileError`.
  public static func checkWritable(_ path: String) throws(FileError) {
    var status = stat()
    let exists = stat(path, &status) == 0
    switch exists ? status.st_mode & S_IFMT : S_IFREG {
    case S_IFREG:
      let temporary = temporary(beside: exists ? destination(of: path) : path)
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw failure("write", path) }
      close(descriptor)
      unlink(temporary)
    case S_IFDIR:
      throw .isFolder(path: path)
    default:
      guard access(path, W_OK) == 0 else { throw failure("write", path) }
    }
  }

  private static func destination(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func replace(
    _ path: String, with content: Data, permissions: mode_t?
  ) throws(FileError) {
    let temporary = temporary(beside: path)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("write", path) }
    do throws(FileError) {
      defer { close(descriptor) }
      if let permissions, fchmod(descriptor, permissions) != 0 { throw failure("write", path) }
      try put(content, into: descriptor, of: path)
      guard fsync(descriptor) == 0 else { throw failure("write", path) }
      guard rename(temporary, path) == 0 else { throw failure("write", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    let folder = split(path).folder
    synchronize(folder: folder.isEmpty ? "." : folder)
  }

  /// A hidden file in the folder of `path` that nobody else uses.
  private static func temporary(beside path: String) -> String {
    let (folder, name) = split(path)
    return (folder.isEmpty ? "" : "\(folder)/")
      + ".\(name).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
  }

  private static func put(
    _ content: Data, into descriptor: Int32, of path: String
  ) throws(FileError) {
    var written = 0
    while written < content.count {
      let accepted = content.withUnsafeBytes { buffer in
        Foundation.write(
          descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if accepted >= 0 {
        written += accepted
      } else if errno != EINTR {
        throw failure("write", path)
      }
    }
  }

  /// Makes the renaming durable. The file is whole either way, so a file system that cannot
  /// synchronize folders is no error.
  private static func synchronize(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
