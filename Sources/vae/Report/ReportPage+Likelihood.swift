import Files
import Plots
import VAE

extension ReportPage {
  /// How likely the model finds each test image, and those that it finds most and least so.
  func likelihoods() throws -> String {
    let model = run.model.configuration
    let scores = try run.model.scores(
      run.images.table, by: model.lossScore, seed: run.loaded.configuration?.training.seed ?? 1)
    let order = scores.descending
    func images(_ places: some Sequence<Int>) -> Image {
      run.pictures.grid(8).compose(
        places.flatMap { run.pictures.originals(of: run.images.split, $0..<$0 + 1) })
    }
    let histogram = Histogram(
      quantity: "loss of an image, \(model.lossUnit)", groups: groups(scores),
      // The outermost hundredth would leave little room for the others.
      range: scores[
        order[order.count * 199 / 200]]...max(
          scores[order[order.count / 200]], scores[order[order.count * 199 / 200]] + 1e-6))
    return figures(
      HTML.figure(histogram.svg, "Reconstruction + KL of each test image", "with one draw of z.")
        + figure(
          images(order.suffix(16).reversed()), "Most likely", "test images, the likeliest first.")
        + figure(
          images(order.prefix(16)), "Least likely", "test images, the unlikeliest first."))
  }

  /// The images of labels that the run was trained on, and the others, if it was trained on some alone.
  private func groups(_ scores: [Double]) -> [Histogram.Group] {
    guard let trained = run.loaded.configuration?.trainedLabels,
      let labels = run.images.split.labels
    else { return [.init(name: "test images", values: scores)] }
    func group(_ name: String, _ isSeen: Bool) -> Histogram.Group {
      .init(
        name: name,
        values: zip(scores, labels).filter { trained.contains(Int($0.1)) == isSeen }.map(\.0))
    }
    return [group("labels trained on", true), group("other labels", false)]
  }
}
