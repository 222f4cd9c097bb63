import Terminal

/// The pieces a page is made of.
enum HTML {
  /// A cell's text, and the class that colours it.
  struct Cell {
    let text: String
    let style: String

    init(_ text: String, _ style: String = "") {
      self.text = text
      self.style = style
    }

    /// A small number, red where it is too large.
    init(_ value: Double, isRight: Bool = true) {
      self.init(Figure.scientific(value), isRight ? "" : "fail")
    }
  }

  /// A table, which scrolls by itself where the screen is narrow.
  static func table(
    columns: [(title: String, alignment: Table.Alignment)], rows: [[Cell]]
  ) -> String {
    func row(_ tag: String, _ cells: [Cell]) -> String {
      "<tr>"
        + zip(cells, columns).map { cell, column in
          let style = (column.alignment == .right ? ["number"] : []) + [cell.style]
          return "<\(tag) class=\"\(style.joined(separator: " "))\">\(escaped(cell.text))</\(tag)>"
        }.joined() + "</tr>\n"
    }
    let isTitled = columns.contains { !$0.title.isEmpty }
    return "<div class=\"wide\"><table>\n"
      + (isTitled ? row("th", columns.map { Cell($0.title) }) : "")
      + rows.map { row("td", $0) }.joined() + "</table></div>"
  }
}

/// `text` where HTML is expected.
func escaped(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    .replacing("\"", with: "&quot;")
}

/// A page's colours and sizes, light and dark.
enum PageStyle {
  /// How many backends have colours of their own.
  static let colors = 6

  static let text =
    """
    :root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--dim:#5b6672;--grid:#dfe3e8;--pass:#17803d;\
    --fail:#c62828;--c0:#1565c0;--c1:#d96c00;--c2:#7b1fa2;--c3:#00838f;--c4:#6d4c41;--c5:#ad1457}
    @media(prefers-color-scheme:dark){:root{--fg:#e6e9ee;--bg:#14171b;--dim:#9aa5b3;--grid:#2e353d;\
    --pass:#5bc98a;--fail:#ff7b72;--c0:#64b5f6;--c1:#ffb74d;--c2:#ce93d8;--c3:#4dd0e1;--c4:#bcaaa4;\
    --c5:#f48fb1}}
    body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:54rem;\
    margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
    h1{font-size:1.6rem}h2{font-size:1.2rem;margin:2.2rem 0 .4rem}h3{font-size:1rem;margin:1.4rem 0 0}
    p{margin:.4rem 0;color:var(--dim)}details{margin:.8rem 0}summary{cursor:pointer}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--dim)}dd{margin:0}
    .wide{overflow-x:auto}table{border-collapse:collapse}
    td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top;border-bottom:1px solid \
    var(--grid);white-space:nowrap}.long{white-space:normal;min-width:14rem}
    th{font-weight:600;color:var(--dim)}
    .number{text-align:right;font-variant-numeric:tabular-nums}
    .pass{color:var(--pass)}.fail{color:var(--fail);font-weight:600}
    svg{display:block;width:100%;min-width:30rem;height:auto}
    svg text{fill:var(--fg);font-size:12px}svg .dim{fill:var(--dim)}
    .grid{stroke:var(--grid)}.limit{stroke:var(--fail);stroke-dasharray:5 3}
    polyline{fill:none;stroke-width:2;stroke-linejoin:round}
    .reference{stroke:var(--dim);stroke-width:6;stroke-opacity:.35}.bad{fill:var(--fail)}
    polyline.limit{stroke-width:1.5}

    """
    + (0..<colors).map { ".c\($0){fill:var(--c\($0))}.l\($0){stroke:var(--c\($0))}" }.joined()
}
