/// Rows of text with aligned columns under a heading.
public struct Table {
  /// Where a column's text stands.
  public enum Alignment: Sendable {
    /// Words.
    case left
    /// Numbers.
    case right
  }

  /// A piece of text in its style. A string literal is plain.
  public struct Cell: ExpressibleByStringInterpolation, Sendable {
    let text: String
    let style: Style

    /// `text` in `style`.
    public init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }

    /// Plain text.
    public init(stringLiteral value: String) { self.init(value) }
  }

  private let titles: [String]
  private let alignments: [Alignment]
  private var rows: [[Cell]] = []

  /// An empty table.
  public init(_ columns: KeyValuePairs<String, Alignment>) {
    self.init(columns.map { ($0.key, $0.value) })
  }

  /// An empty table, for columns that are only known when the program runs.
  public init(_ columns: [(title: String, alignment: Alignment)]) {
    titles = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  /// Adds a row, a cell for each column.
  public mutating func append(_ cells: [Cell]) {
    precondition(cells.count == titles.count, "a cell for each column")
    rows.append(cells)
  }

  /// The lines, each with a newline, without spaces at their ends.
  public func text(hasColor: Bool) -> String {
    let lines = [titles.map { Cell($0, .bold) }] + rows
    let widths = titles.indices.map { column in lines.map { $0[column].text.count }.max() ?? 0 }
    return lines.map { cells in
      var line = ""
      var gap = 0
      for (column, cell) in cells.enumerated() {
        let padding = widths[column] - cell.text.count
        // Padding waits until something follows it.
        gap += alignments[column] == .right ? padding : 0
        if !cell.text.isEmpty {
          line += String(repeating: " ", count: gap)
          line += cell.style.apply(to: cell.text, hasColor: hasColor)
          gap = 0
        }
        gap += (alignments[column] == .left ? padding : 0) + 2
      }
      return line + "\n"
    }.joined()
  }
}
