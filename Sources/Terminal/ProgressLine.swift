/// Progress as a person or a log wants it: on a terminal one line, redrawn in place at most ten times a
/// second; elsewhere a plain line every half minute, so that a log shows life and stays short.
///
/// A state machine without a clock or a stream: each call gives the text to write.
public struct ProgressLine {
  private let isInteractive: Bool
  private var lastDrawn: Double?
  private var isVisible = false

  /// Redraws ten times a second at most.
  static let redrawSeconds = 0.1
  /// A line for the log twice a minute.
  static let logSeconds = 30.0
  /// Back to the line's beginning, and clear to its end.
  static let clear = "\r\u{1B}[K"

  /// Nothing is shown yet.
  public init(isInteractive: Bool) { self.isInteractive = isInteractive }

  /// What to write when `progress` is reached `seconds` after an arbitrary, fixed moment, on a terminal
  /// `columns` wide; empty when it is too early for another line.
  public mutating func update(_ progress: Progress, at seconds: Double, columns: Int) -> String {
    if isInteractive {
      guard seconds - (lastDrawn ?? -.infinity) >= Self.redrawSeconds else { return "" }
      lastDrawn = seconds
      isVisible = true
      // In the last column some terminals wrap.
      return Self.clear + progress.bar(columns: columns - 1)
    }
    let last = lastDrawn ?? seconds
    lastDrawn = last
    guard seconds - last >= Self.logSeconds else { return "" }
    lastDrawn = seconds
    return progress.line + "\n"
  }

  /// What to write to leave `line` for good, in place of the live one.
  public mutating func replace(with line: String) -> String {
    erase() + line + "\n"
  }

  /// What to write before anything else may be written: the live line goes.
  public mutating func erase() -> String {
    defer { isVisible = false }
    return isVisible ? Self.clear : ""
  }
}
