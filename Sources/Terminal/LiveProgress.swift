/// A progress line on a terminal or in a log, drawn as time passes.
public struct LiveProgress {
  private let terminal: Terminal
  private var line: ProgressLine
  private let start = ContinuousClock.now

  /// Progress on `terminal`: by default on standard error, where it disturbs no output.
  public init(on terminal: Terminal = .standardError) {
    self.terminal = terminal
    line = ProgressLine(isInteractive: terminal.isInteractive)
  }

  /// Shows `progress`, unless something was shown just before.
  public mutating func update(_ progress: Progress) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    terminal.write(line.update(progress, at: seconds, columns: terminal.columns))
  }

  /// Leaves `text` for good, in place of the live line.
  public mutating func replace(with text: String) { terminal.write(line.replace(with: text)) }

  /// Removes the live line, so that other text can follow.
  public mutating func erase() { terminal.write(line.erase()) }
}
