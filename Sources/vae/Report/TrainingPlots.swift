import Plots
import VAE

/// How a run's training went, epoch by epoch.
struct TrainingPlots {
  private let train: [MetricsLine]
  private let test: [MetricsLine]
  private let model: ModelConfiguration

  /// The plots of a run's metrics; `nil` where no epoch is finished.
  init?(_ metrics: [MetricsLine], of model: ModelConfiguration) {
    train = metrics.filter { $0.split == "train" }
    test = metrics.filter { $0.split == "test" }
    self.model = model
    if test.isEmpty { return nil }
  }

  /// Loss, its two terms and, where they were recorded, active units and the KL of each dimension.
  var all: [(title: String, plot: LinePlot)] {
    let bound = test.last?.importanceSamples.map { ", bound of \($0) draws" }
    let loss = both("loss, \(model.lossUnit)\(bound ?? "")", \.loss)
    let reconstruction = both("reconstruction", \.reconstruction)
    return [("Loss", loss), ("Reconstruction", reconstruction)]
      + [
        ("KL divergence", divergence), ("Active units", activeUnits),
        ("KL of each dimension", dimensions),
      ].compactMap { title, plot in plot.map { (title, $0) } }
  }

  private func both(_ quantity: String, _ value: (MetricsLine) -> Double) -> LinePlot {
    plot(
      quantity,
      [
        .init(name: "test", values: test.map(value)),
        .init(name: "training", values: train.map(value)),
      ])
  }

  /// None of a plain autoencoder.
  private var divergence: LinePlot? {
    test.contains { $0.kl != nil } ? both("KL divergence, nats") { $0.kl ?? .nan } : nil
  }

  private var activeUnits: LinePlot? {
    let units = test.compactMap(\.activeUnits)
    guard units.count == test.count else { return nil }
    let all = [Double](repeating: Double(model.latent), count: units.count)
    return plot(
      "dimensions",
      [
        .init(name: "latent", values: all, role: .reference),
        .init(name: "active", values: units.map(Double.init)),
      ], fromZero: true)
  }

  private var dimensions: LinePlot? {
    let epochs = test.compactMap(\.klPerDimension)
    guard epochs.count == test.count, let last = epochs.last,
      epochs.allSatisfy({ $0.count == last.count })
    else { return nil }
    let lines = last.descending.map { dimension in
      LinePlot.Line(name: "\(dimension)", values: epochs.map { $0[dimension] })
    }
    return plot("KL divergence, nats", lines, isNamed: false, fromZero: true)
  }

  private func plot(
    _ quantity: String, _ lines: [LinePlot.Line], isNamed: Bool = true, fromZero: Bool = false
  ) -> LinePlot {
    LinePlot(
      quantity: quantity, lines: lines, first: test[0].epoch, counted: "epoch", size: .half,
      isNamed: isNamed, fromZero: fromZero)
  }
}
