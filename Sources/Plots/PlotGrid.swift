/// Several small plots as one, in rows.
package struct PlotGrid: Plot {
  private let description: String
  private let plots: [any Plot]
  private let columns: Int

  /// The given plots, all of one size.
  package init(_ description: String, _ plots: [any Plot], columns: Int) {
    self.description = description
    self.plots = plots
    self.columns = columns
  }

  package var drawing: Drawing {
    let drawings = plots.map(\.drawing)
    let (width, height) = (drawings.first?.width ?? 0, drawings.first?.height ?? 0)
    let (pitchX, pitchY) = (width + 12, height + 12)
    let content = drawings.enumerated().map { index, drawing in
      let (x, y) = (Double(index % columns) * pitchX + 6, Double(index / columns) * pitchY + 6)
      return "<g transform=\"translate(\(decimal(x)),\(decimal(y)))\">\n\(drawing.content)</g>\n"
    }
    return Drawing(
      description: description, width: Double(min(columns, plots.count)) * pitchX,
      height: Double((plots.count + columns - 1) / columns) * pitchY, content: content.joined())
  }
}
