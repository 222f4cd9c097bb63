/// How far a piece of work is, and how that looks on one line.
public struct Progress: Sendable {
  /// What is counted.
  public enum Unit: Sendable {
    /// Things with a name in the plural: `images`.
    case items(String)
    /// Bytes.
    case bytes
  }

  /// What is being done: `epoch 3/10`.
  public var label: String
  /// How much is done.
  public var completed: Int
  /// How much there is.
  public var total: Int
  /// Seconds since the work began.
  public var seconds: Double
  /// What is counted.
  public var unit: Unit
  /// A running result: `loss 105.35`.
  public var detail: String

  /// Nothing done yet, unless said otherwise.
  public init(
    label: String, completed: Int = 0, total: Int, seconds: Double = 0,
    unit: Unit = .items("images"), detail: String = ""
  ) {
    self.label = label
    self.completed = completed
    self.total = total
    self.seconds = seconds
    self.unit = unit
    self.detail = detail
  }

  /// Done, from 0 to 1.
  public var fraction: Double {
    total > 0 ? min(max(Double(completed) / Double(total), 0), 1) : 1
  }

  /// Units a second, or nil before there is something to tell.
  public var rate: Double? {
    seconds > 0 && completed > 0 ? Double(completed) / seconds : nil
  }

  /// Seconds to the end at the rate so far.
  public var secondsLeft: Double? {
    rate.map { Double(max(total - completed, 0)) / $0 }
  }

  /// `epoch 3/10  45%  loss 105.35  23,400 images/s  12s left`
  public var line: String { parts.joined(separator: "  ") }

  /// The same with a bar, in at most `columns` characters: on a narrow terminal first the bar goes, then
  /// what stands last.
  public func bar(columns: Int) -> String {
    var parts = parts
    let room = columns - parts.joined(separator: "  ").count - "  []".count
    if room >= 10 {
      parts.insert("[\(cells(min(room, 30)))]", at: 1)
      return parts.joined(separator: "  ")
    }
    while parts.count > 1, parts.joined(separator: "  ").count > columns { parts.removeLast() }
    return String(parts.joined(separator: "  ").prefix(columns))
  }

  private var parts: [String] {
    let percent = "\(Int(fraction * 100))%"
    let padding = String(repeating: " ", count: 4 - percent.count)
    return [label, padding + percent, detail, rateText, timeText].filter { !$0.isEmpty }
  }

  private var rateText: String {
    guard let rate else { return "" }
    switch unit {
    case .items(let name): return "\(Format.count(Int(rate.rounded()))) \(name)/s"
    case .bytes: return "\(Format.bytes(Int(rate.rounded())))/s"
    }
  }

  private var timeText: String {
    secondsLeft.map { Format.duration($0) + " left" } ?? ""
  }

  private func cells(_ width: Int) -> String {
    let filled = Int(fraction * Double(width))
    let head = filled < width ? ">" : ""
    return String(repeating: "=", count: filled) + head
      + String(repeating: " ", count: width - filled - head.count)
  }
}
