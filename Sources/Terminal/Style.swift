/// An emphasis for text on a terminal.
public enum Style: String, Sendable {
  /// As it is.
  case plain = ""
  /// Headings.
  case bold = "1"
  /// What matters less.
  case dim = "2"
  /// Failed.
  case red = "31"
  /// Passed, or chosen.
  case green = "32"
  /// Worth a look.
  case yellow = "33"

  /// `text` in this style where `hasColor`, and as it is elsewhere.
  public func apply(to text: String, hasColor: Bool) -> String {
    hasColor && self != .plain && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
