/// What help says about an option, flag or argument. A string literal is its abstract.
public struct ArgumentHelp: ExpressibleByStringInterpolation, Sendable {
  /// One line.
  public var abstract: String
  /// What one line cannot say, printed below it.
  public var discussion: String
  /// What stands between the angle brackets: `n` in `--epochs <n>`. The property's name otherwise.
  public var valueName: String?

  /// Help of one line, with more below it and a name for the value where wanted.
  public init(_ abstract: String = "", discussion: String = "", valueName: String? = nil) {
    self.abstract = abstract
    self.discussion = discussion
    self.valueName = valueName
  }

  /// Help of one line.
  public init(stringLiteral value: String) { self.init(value) }
}
