import Foundation

/// Numbers as people read them.
public enum Format {
  /// `9.5s`, `42s`, `1m 05s`, `2h 03m`; `–` where there is none to tell.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    if seconds < 9.95 { return fixed(seconds, digits: 1) + "s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m \(twoDigits(whole % 60))s" }
    let minutes = Int((seconds / 60).rounded())
    return "\(minutes / 60)h \(twoDigits(minutes % 60))m"
  }

  /// `60,000`
  public static func count(_ value: Int) -> String {
    var text = ""
    for (i, digit) in String(value.magnitude).reversed().enumerated() {
      if i > 0, i.isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }

  /// `1 epoch`, `60,000 images`
  public static func count(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// `512 B`, `11.5 kB`, `9.9 MB`: thousands, as networks count.
  public static func bytes(_ value: Int) -> String {
    var scaled = Double(value)
    var units = ["B", "kB", "MB", "GB", "TB"][...]
    while scaled >= 999.95, units.count > 1 {
      scaled /= 1000
      units = units.dropFirst()
    }
    return fixed(scaled, digits: units.first == "B" ? 0 : 1) + " " + (units.first ?? "")
  }

  /// `105.35`: always with `digits` after the point, whatever the locale.
  public static func fixed(_ value: Double, digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  /// `4.3 %`
  public static func percent(_ fraction: Double, digits: Int = 1) -> String {
    fixed(100 * fraction, digits: digits) + " %"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
