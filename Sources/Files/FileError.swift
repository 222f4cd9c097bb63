import Foundation

/// What reading or writing a file can fail with. Each text names the file, what is wrong and the
/// remedy.
public enum FileError: Error, Equatable {
  /// Nothing is at `path`.
  case missing(path: String)
  /// A file was needed and `path` is a folder.
  case isFolder(path: String)
  /// A folder was needed and `path` is a file.
  case isNotFolder(path: String)
  /// The operating system refused `action` ("read", "write", "create") with error number `code`.
  case refused(action: String, path: String, code: Int32)
  /// The content is not what `format` ("safetensors", "PNG", …) says it must be.
  case malformed(path: String, format: String, reason: String, remedy: String)
}

extension FileError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .missing(let path):
      return "\(path) does not exist: check the path"
    case .isFolder(let path):
      return "\(path) is a folder, not a file: name a file"
    case .isNotFolder(let path):
      return "\(path) is a file, not a folder: name a folder"
    case .refused(let action, let path, let code):
      return "cannot \(action) \(path): \(String(cString: strerror(code))): \(remedy(for: code))"
    case .malformed(let path, let format, let reason, let remedy):
      return "\(path) is not a valid \(format) file: \(reason): \(remedy)"
    }
  }

  private func remedy(for code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "free some space, or choose a folder on another disk"
    case EFBIG: "raise the file size limit (ulimit -f), or choose another disk"
    case EACCES, EPERM: "change its permissions, or choose another folder"
    case EROFS: "the file system is read-only, choose another folder"
    case ENOENT, ENOTDIR: "check that its folder exists"
    case EEXIST: "a file is in the way, choose another name"
    case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
    case ENAMETOOLONG: "choose a shorter name"
    case EIO: "the disk or its connection may be failing"
    default: "check the path"
    }
  }
}
