import Files
import Foundation

/// One run of the program `curl`.
///
/// A program rather than `FoundationNetworking`, which would load thirty more libraries at the start
/// of every command and cannot be linked statically.
struct CurlTransfer {
  enum Outcome: Equatable {
    /// The whole file is there.
    case complete
    /// The server does not continue the partial file: begin again without it.
    case cannotResume
    /// The file, or the rest of it, did not come. A transient failure is worth another try.
    case failed(String, isTransient: Bool)
  }

  private var output = ""

  /// Fetches `url` to `path`; a file there is taken as the beginning and continued.
  ///
  /// - Parameter progress: Called on this thread with the bytes there and the bytes in total.
  static func run(
    from url: String, to path: String, progress: (Int, Int?) -> Void
  ) throws(DownloadError) -> Outcome {
    // curl does not say why it cannot write; opening the file does.
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .file(.refused(action: "write", path: path, code: errno)) }
    close(file)

    // The server's answer and curl's complaints come through one pipe.
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw .file(.refused(action: "download", path: path, code: errno))
    }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    _ = fcntl(reading, F_SETFD, FD_CLOEXEC)
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)

    let process = spawn(
      [
        "curl", "--silent", "--show-error", "--stderr", "-", "--fail", "--location",
        "--dump-header", "-", "--connect-timeout", "20", "--speed-limit", "1", "--speed-time", "30",
        "--continue-at", "-", "--output", path, "--", url,
      ],
      output: writing)
    close(writing)
    guard let process else { throw .noCurl }

    var transfer = CurlTransfer()
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      transfer.receive(from: reading)
      progress(size(of: path), transfer.total)
      usleep(50_000)
    }
    transfer.receive(from: reading)
    progress(size(of: path), transfer.total)
    guard status & 0x7f == 0 else {
      return .failed("curl was stopped by signal \(status & 0x7f)", isTransient: false)
    }
    return try transfer.outcome(exitCode: status >> 8 & 0xff, path: path)
  }

  /// Starts a program of the search path. It stays in this process group, so that Ctrl-C ends both.
  private static func spawn(_ arguments: [String], output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    defer { for word in words { free(word) } }
    words.append(nil)
    var process: pid_t = 0
    return posix_spawnp(&process, arguments[0], &actions, nil, words, environ) == 0 ? process : nil
  }

  /// The size of the file at `path`; 0 if there is none.
  static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  // MARK: - What curl says

  private mutating func receive(from descriptor: Int32) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return }
      output += String(decoding: buffer.prefix(count), as: UTF8.self)
    }
  }

  /// The header lines of the last answer, after any redirections.
  private var answer: [String] {
    let lines = output.split(whereSeparator: \.isNewline).map(String.init)
    let start = lines.lastIndex { $0.hasPrefix("HTTP/") } ?? lines.startIndex
    return Array(lines[start...])
  }

  private var httpStatus: Int? {
    answer.first.flatMap {
      $0.hasPrefix("HTTP/") ? $0.split(separator: " ").dropFirst().first : nil
    }
    .flatMap { Int($0) }
  }

  /// The file's size, once the server has told it.
  private var total: Int? {
    switch httpStatus {
    case 200: header("content-length").flatMap { Int($0) }
    // bytes 100-999/1000
    case 206: header("content-range").flatMap { $0.split(separator: "/").last }.flatMap { Int($0) }
    default: nil
    }
  }

  private func header(_ name: String) -> String? {
    answer.first { $0.lowercased().hasPrefix("\(name):") }
      .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }

  private func outcome(exitCode: Int32, path: String) throws(DownloadError) -> Outcome {
    let complaint = answer.last { $0.hasPrefix("curl:") } ?? "curl: error \(exitCode)"
    switch exitCode {
    case 0: return .complete
    case 127: throw .noCurl
    // It cannot write a file that could be opened: the disk is full.
    case 23: throw .file(.refused(action: "write", path: path, code: ENOSPC))
    case 33, 36: return .cannotResume
    case 22 where httpStatus == 416: return .cannotResume
    case 22: return .failed(complaint, isTransient: (httpStatus ?? 0) >= 500)
    // No such host, or nobody there: another mirror is the better try.
    case 5, 6, 7: return .failed(complaint, isTransient: false)
    default: return .failed(complaint, isTransient: true)
    }
  }
}
