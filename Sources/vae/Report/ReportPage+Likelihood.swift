import Files
import Plots
import VAE

extension ReportPage {
  /// How likely the model finds each test image, and those that it finds most and least so.
  func likelihoods() throws -> String {
    let (model, all) = (run.model.configuration, try run.imagesOfAllLabels())
    let scores = try run.model.scores(all.table, by: model.lossScore, seed: run.loaded.seed)
    for (image, score) in scores.enumerated() {
      try NotFinite.check(score, "the loss of image \(image)")
    }
    let order = scores.descending
    func images(_ places: some Sequence<Int>) -> Image {
      run.pictures.grid(8).compose(
        places.flatMap { run.pictures.originals(of: all.split, $0..<$0 + 1) })
    }
    let histogram = Histogram(
      quantity: "loss of an image, \(model.lossUnit)", groups: groups(scores, all),
      range: scores.withoutOutermostHundredth)
    let (loss, draws) =
      isAutoencoder ? ("Reconstruction", "") : ("Reconstruction + KL", "with one draw of z.")
    let (best, worst) =
      isAutoencoder
      ? (("Best reconstructed", "the best"), ("Worst reconstructed", "the worst"))
      : (("Most likely", "the likeliest"), ("Least likely", "the unlikeliest"))
    return figures(
      HTML.figure(histogram.svg, "\(loss) of each test image", draws)
        + figure(images(order.suffix(16).reversed()), best.0, "test images, \(best.1) first.")
        + figure(images(order.prefix(16)), worst.0, "test images, \(worst.1) first."))
  }

  /// The images of labels that the run was trained on, and the others, if it was trained on some alone.
  private func groups(_ scores: [Double], _ images: LoadedImages) -> [Histogram.Group] {
    guard let trained = run.loaded.configuration?.trainedLabels, let labels = images.split.labels
    else { return [.init(name: "test images", values: scores)] }
    return [("labels trained on", true), ("other labels", false)].map { name, isSeen in
      .init(
        name: name,
        values: zip(scores, labels).filter { trained.contains(Int($0.1)) == isSeen }.map(\.0))
    }
  }
}

extension [Double] {
  /// From the 0.5 % to the 99.5 % quantile: the outermost hundredth would leave little room for the others.
  var withoutOutermostHundredth: ClosedRange<Double> {
    let (sorted, last) = (sorted(), Double(count - 1))
    return sorted[Int(0.005 * last)]...sorted[Int(0.995 * last)]
  }
}
