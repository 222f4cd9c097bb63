import Foundation
import Terminal

/// The pieces a page is made of.
package enum HTML {
  /// A cell's text, and the class that colours it.
  package struct Cell {
    let text: String
    let style: String

    package init(_ text: String, _ style: String = "") {
      self.text = text
      self.style = style
    }

    /// A small number, red where it is too large.
    package init(_ value: Double, isRight: Bool = true) {
      self.init(Figure.scientific(value), isRight ? "" : "fail")
    }
  }

  /// A whole page with the given title and content.
  package static func page(title: String, body: String) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title><style>\(PageStyle.text)</style></head><body>
    \(body)
    </body></html>

    """
  }

  /// A table, which scrolls by itself where the screen is narrow.
  package static func table(
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

  /// Something to look at, with words below it, of which the first are the title.
  package static func figure(_ content: String, _ title: String, _ text: String = "") -> String {
    "<figure>\(content)<figcaption><b>\(escaped(title))</b> \(escaped(text))</figcaption></figure>\n"
  }

  /// A picture within the page; `type` is `png` or `gif`.
  package static func image(
    _ data: Data, type: String, width: Int, height: Int, description: String
  ) -> String {
    """
    <img src="data:image/\(type);base64,\(data.base64EncodedString())" width="\(width)" \
    height="\(height)" alt="\(escaped(description))">
    """
  }

  /// Titles with a text each.
  package static func list(_ entries: [(title: String, text: String)]) -> String {
    "<dl>"
      + entries.map { "<dt>\(escaped($0.title))</dt><dd>\(escaped($0.text))</dd>" }.joined()
      + "</dl>"
  }
}

/// `text` where HTML or SVG is expected.
package func escaped(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    .replacing("\"", with: "&quot;")
}
