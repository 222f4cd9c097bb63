import Files
import Foundation
import Plots
import VAE

extension ReportPage {
  /// The first test images above their reconstructions.
  func reconstructions() throws -> String {
    let first = try figure(
      run.pictures.reconstructions(of: run.images.split, run.images.table, count: 16),
      "Test images above their reconstructions",
      "from \(isAutoencoder ? "the code" : "the posterior's mean"): the first of \(FileSystem.split(run.images.name).name)."
    )
    guard let other else { return first }
    return try figures(
      first
        + figure(
          other.pictures.reconstructions(of: other.images.split, other.images.table, count: 16),
          "The same by \(other.name)."))
  }

  /// Draws from the prior, and how they came to be.
  func samples() throws -> String {
    let isConditional = run.model.configuration.classes != nil
    let now = try figure(
      run.pictures.samples(count: 64, seed: 1),
      isAutoencoder ? "Drawn from N(0, I), which it was not trained for," : "Drawn from the prior",
      isConditional ? "and decoded as each label, a row for each." : "and decoded.")
    guard let pictures = try? SamplePictures(run.loaded.folder) else { return figures(now) }
    let epochs = pictures.epochs.thinned(to: 24)
    return try figures(
      now
        + animation(
          pictures.animation(of: epochs), "The same draws as training went on,",
          epochs.count == 1
            ? "after epoch \(epochs[0])."
            : "after epochs \(epochs[0]) to \(epochs[epochs.count - 1])."))
  }

  /// From one test image to another of a different class, if there are classes.
  func interpolations() throws -> String {
    let labels = run.images.split.labels
    let count = run.images.split.count
    let end =
      labels.flatMap { labels in labels.firstIndex { $0 != labels[0] } } ?? min(1, count - 1)
    let runs = [run] + (other.map { [$0] } ?? [])
    let ways = Interpolation.allCases
    let still = try InterpolatedImages(runs, from: 0, to: end, ways: ways, steps: 10)
    let moving = try InterpolatedImages(runs, from: 0, to: end, ways: ways, steps: 24)
    let names = still.names.joined(separator: ", ")
    let label = run.label(of: 0).map { ", all decoded as class \($0)" } ?? ""
    return try figure(
      still.rows, "From test image 0 to \(end)",
      "through the latent space\(label), between the originals. Rows: \(names).")
      + animation(moving.animation, "There and back:", "\(names).")
  }

  /// Images similar to the first one.
  func variations() throws -> String {
    figures(
      try [0.5, 1].map { scale in
        try figure(
          run.variations(of: 0, scale: scale, of: codes[0].scale, count: 34, seed: 1),
          "s = \(scale.short):",
          isAutoencoder
            ? "test image 0, its reconstruction, and images decoded from z + s·σ·ε, σ being the deviations of "
              + "the test images' codes."
            : "test image 0, its reconstruction, and images decoded from μ + s·ε.")
      }.joined())
  }

  /// Each dimension's effect, and the whole plane where there are two.
  func traversal() throws -> String {
    let order = Array(codes[0].importance.order.prefix(10))
    let rows = try figure(
      run.traversal(of: 0, dimensions: order, reach: 3, steps: 11, scale: codes[0].scale),
      isAutoencoder
        ? "One coordinate at a time, by three standard deviations of the codes to both sides of their mean,"
        : "One coordinate at a time, from −3 to 3,",
      "in the code of test image 0. Rows are dimensions, those that say most: "
        + order.map(String.init).joined(separator: ", ") + ".")
    guard run.model.configuration.latent == 2 else { return rows }
    return try figures(
      rows
        + figure(
          run.pictures.manifold(side: 16, label: run.label(of: 0)),
          "The whole latent plane,",
          "as dense as \(isAutoencoder ? "N(0, I)" : "the prior"): z₀ grows to the right, z₁ upwards."
        ))
  }

  /// Things to look at beside one another where there is room.
  func figures(_ content: String) -> String { "<div class=\"figures\">\n\(content)</div>\n" }

  /// A picture with its caption.
  func figure(_ image: Image, _ title: String, _ text: String = "") -> String {
    HTML.figure(
      HTML.image(
        image.png(), type: "png", width: image.width, height: image.height,
        description: "\(title) \(text)"), title, text)
  }

  private func animation(_ animation: Animation, _ title: String, _ text: String) throws -> String {
    let first = animation.frames[0]
    return HTML.figure(
      HTML.image(
        try animation.gif(), type: "gif", width: first.width, height: first.height,
        description: "\(title) \(text)"), title, text)
  }
}

extension [Int] {
  /// At most `count` of them at even distances, the first and the last included.
  fileprivate func thinned(to count: Int) -> [Int] {
    guard self.count > count else { return self }
    return (0..<count).map { self[$0 * (self.count - 1) / (count - 1)] }
  }
}
