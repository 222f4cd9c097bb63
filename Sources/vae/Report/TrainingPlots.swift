import Plots
import VAE

/// How a run's training went, epoch by epoch.
struct TrainingPlots {
  private let train: [MetricsLine]
  private let test: [MetricsLine]
  /// What a loss is measured in.
  private let unit: String
  private let latent: Int

  /// The plots of a run's metrics; `nil` where no epoch is finished.
  init?(_ metrics: [MetricsLine], of model: ModelConfiguration) {
    train = metrics.filter { $0.split == "train" }
    test = metrics.filter { $0.split == "test" }
    unit = model.likelihood.unit
    latent = model.latent
    if test.isEmpty { return nil }
  }

  /// Loss, its two terms and, where they were recorded, active units and the KL of each dimension.
  var all: [(title: String, plot: LinePlot)] {
    [
      ("Loss", both("loss, \(unit)", \.loss)),
      ("Reconstruction", both("reconstruction", \.reconstruction)),
      ("KL divergence", both("KL divergence, nats", \.kl)),
    ]
      + [activeUnits.map { ("Active units", $0) }, dimensions.map { ("KL of each dimension", $0) }]
      .compactMap { $0 }
  }

  private func both(_ quantity: String, _ value: (MetricsLine) -> Double) -> LinePlot {
    plot(
      quantity,
      [
        .init(name: "test", values: test.map(value)),
        .init(name: "training", values: train.map(value)),
      ])
  }

  private var activeUnits: LinePlot? {
    let units = test.compactMap(\.activeUnits)
    guard units.count == test.count else { return nil }
    return plot(
      "dimensions",
      [
        .init(
          name: "latent", values: Array(repeating: Double(latent), count: units.count),
          role: .reference),
        .init(name: "active", values: units.map(Double.init)),
      ], fromZero: true)
  }

  private var dimensions: LinePlot? {
    let epochs = test.compactMap(\.klPerDimension)
    guard epochs.count == test.count, let last = epochs.last else { return nil }
    let lines = last.byDivergence.map { dimension in
      LinePlot.Line(name: "\(dimension)", values: epochs.map { $0[dimension] })
    }
    return plot("KL divergence, nats", lines, isNamed: false, fromZero: true)
  }

  private func plot(
    _ quantity: String, _ lines: [LinePlot.Line], isNamed: Bool = true,
    fromZero: Bool = false
  ) -> LinePlot {
    LinePlot(
      quantity: quantity, lines: lines, first: test[0].epoch, counted: "epoch", size: .half,
      isNamed: isNamed, fromZero: fromZero)
  }
}
