import Foundation

/// What a stream of text is written to: a person's terminal, or a file, pipe or log.
public struct Terminal: Sendable {
  /// Where text goes: 1 for standard output, 2 for standard error.
  public let descriptor: Int32
  /// Whether a line can be redrawn in place.
  public let isInteractive: Bool
  /// Whether text may be coloured: on a terminal, unless `NO_COLOR` is set (no-color.org).
  public let hasColor: Bool
  private let fallbackColumns: Int

  /// The process's standard output.
  public static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
  /// The process's standard error.
  public static let standardError = Terminal(descriptor: STDERR_FILENO)

  /// The stream behind `descriptor`.
  public init(descriptor: Int32) {
    self.init(
      descriptor: descriptor, isTerminal: isatty(descriptor) == 1,
      environment: ProcessInfo.processInfo.environment)
  }

  package init(descriptor: Int32, isTerminal: Bool, environment: [String: String]) {
    let isDumb = environment["TERM", default: "dumb"] == "dumb"
    self.descriptor = descriptor
    isInteractive = isTerminal && !isDumb
    hasColor = isInteractive && environment["NO_COLOR", default: ""].isEmpty
    fallbackColumns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }

  /// The terminal's width now; where there is none, `COLUMNS` or 80.
  public var columns: Int {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : fallbackColumns
  }

  /// Writes `text` at once, after what `print` has left in its buffer. What cannot be written is dropped:
  /// a full disk under a log must not end a run.
  public func write(_ text: String) {
    guard !text.isEmpty else { return }
    fflush(nil)
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
