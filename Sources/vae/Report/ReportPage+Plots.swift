import Plots
import VAE

extension ReportPage {
  /// Curves over the epochs.
  func training() -> String {
    guard let plots = TrainingPlots(metrics, of: run.model.configuration) else {
      return "<p>No metrics.jsonl with a finished epoch is beside the model.</p>"
    }
    return figures(plots.all.map { HTML.figure($0.plot.svg, $0.title) }.joined())
  }

  /// How the codes lie beside the prior.
  func distribution() -> String {
    let plots = codes[0]
    let left = plots.importance.order.count - CodePlots.mostHistograms
    return figures(HTML.figure(plots.bars.svg, "What each dimension says of an image."))
      + """
      <p>\(isAutoencoder ? "The test images' codes" : "Draws z from the test images' posteriors"), each dimension beside N(0, 1), with its number and its \
      \(escaped(plots.importance.measure)), the largest first\(left > 0 ? "; \(left) more are left out" : "").</p>
      <div class="small">
      \(plots.histograms.map(\.svg).joined(separator: "\n"))</div>
      <p>Together they are \(escaped(plots.aggregateDivergence.line)).</p>

      """
  }

  /// The codes' clouds, and how flat they are.
  func components() -> String {
    let names = [run.name] + (other.map { [$0.name] } ?? [])
    let clouds = zip(names, codes).map { name, plots in
      // A plane has no third direction.
      (plots.importance.values.count > 2 ? [2, 3] : [2]).map { dimensions in
        HTML.figure(
          plots.cloud(dimensions: dimensions).svg, "\(name), first \(dimensions)",
          "principal components.")
      }.joined()
    }
    return figures(
      clouds.joined()
        + HTML.figure(
          CodePlots.explainedVariance(codes).svg,
          "Explained variance of the \(isAutoencoder ? "codes" : "posterior means")."))
  }
}
