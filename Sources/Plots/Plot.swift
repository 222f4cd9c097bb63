/// Something that is drawn as SVG: with a page's colours, or in a file with its own.
package protocol Plot {
  /// What is drawn.
  var drawing: Drawing { get }
}

/// A plot's elements, their extent, and words in their place.
package struct Drawing {
  /// What it shows, for those who do not see it.
  let description: String
  let width: Double
  let height: Double
  let content: String
}

extension Plot {
  /// For a page, whose style sheet it needs.
  package var svg: String {
    let drawing = drawing
    return element(drawing, "") + drawing.content + "</svg>"
  }

  /// A whole SVG file, light or dark as its reader has it.
  package var file: String {
    let drawing = drawing
    let size = "width=\"\(decimal(drawing.width))\" height=\"\(decimal(drawing.height))\""
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + element(drawing, " xmlns=\"http://www.w3.org/2000/svg\" \(size)")
      + "<style>\(PageStyle.plot)</style>\n"
      + "<rect width=\"100%\" height=\"100%\" style=\"fill:var(--bg)\"/>\n\(drawing.content)</svg>\n"
  }

  private func element(_ drawing: Drawing, _ attributes: String) -> String {
    """
    <svg viewBox="0 0 \(decimal(drawing.width)) \(decimal(drawing.height))" role="img" \
    aria-label="\(escaped(drawing.description))"\(attributes)>

    """
  }
}

/// Names beside the marks that stand for them, below a plot.
struct Legend {
  /// What is drawn in a place of 28 × 12 whose middle is at (x, y), and what it stands for.
  let entries: [(mark: (_ x: Double, _ y: Double) -> String, name: String)]
  let size: PlotSize
  var columns = 2

  /// How much it adds to the plot's height.
  var height: Double { Double((entries.count + columns - 1) / columns) * 18 + 6 }

  var svg: String {
    let left = 52.0
    let pitch = (size.width - left) / Double(columns)
    return entries.enumerated().map { index, entry in
      let x = left + Double(index % columns) * pitch
      let y = size.height + 12 + Double(index / columns) * 18
      return entry.mark(x + 14, y - 4)
        + "<text x=\"\(decimal(x + 36))\" y=\"\(decimal(y))\">\(escaped(entry.name))</text>"
    }.joined(separator: "\n")
  }
}
