import LatentSpace
import Plots
import Statistics
import Terminal
import VAE

/// What the codes of a run's test images look like.
struct CodePlots {
  /// What each dimension says of an image.
  let importance: LatentImportance
  /// How far the Gaussian of the codes' mean and covariance is from N(0, I).
  let aggregateDivergence: AggregateDivergence
  /// What steps through the latent space are measured in.
  let scale: CodeScale
  private let name: String
  private let labels: [UInt8]?
  /// One draw z from each image's posterior, a row an image.
  private let draws: Matrix
  /// Of the posterior means.
  private let components: PrincipalComponents
  /// The posterior means along the first of them.
  private let projections: Matrix
  /// Whether each dimension is active; see `Evaluation.activeUnits`.
  private let isActive: [Bool]

  /// - Throws: `StatisticsError`, or a `BackendError` that an operation left.
  init(_ run: PicturedRun) throws {
    let codes = try run.model.encode(run.images.table)
    importance = LatentImportance(codes)
    aggregateDivergence = try AggregateDivergence(codes)
    scale = CodeScale(of: codes)
    name = run.name
    labels = run.images.split.labels
    draws = codes.draws(seed: 1)
    components = try PrincipalComponents(Moments(codes.meanMatrix))
    projections = components.project(codes.meanMatrix, count: min(3, codes.latent))
    isActive = codes.isActive
  }

  /// How many dimensions have histograms of their own, and how many points a cloud.
  static let (mostHistograms, mostPoints) = (60, 3000)

  /// How the draws lie in each dimension, beside N(0, 1).
  var histograms: [Histogram] {
    importance.order.prefix(Self.mostHistograms).map { dimension in
      Histogram(
        quantity: "\(dimension): \(Format.fixed(importance.values[dimension], digits: 2))",
        groups: [.init(name: "z", values: draws.column(dimension))], range: -4...4, bins: 32,
        density: ("N(0, 1)", StandardNormal.density), size: .small)
    }
  }

  /// What each dimension says of an image.
  var bars: BarPlot {
    BarPlot(
      quantity: importance.measure,
      bars: importance.order.map {
        .init(name: "\($0)", value: importance.values[$0], kind: isActive[$0] ? 0 : 1)
      }, kinds: ["active", "not active"], counted: "dimension")
  }

  /// The posterior means along their first two, or three, principal components.
  func cloud(dimensions: Int) -> ScatterPlot {
    ScatterPlot(
      quantity: "codes of \(name)", axes: (1...dimensions).map { "component \($0)" },
      groups: groups(dimensions))
  }

  /// How much of the means' variance lies along the first components, of `plots` beside one another.
  static func explainedVariance(_ plots: [CodePlots]) -> LinePlot {
    LinePlot(
      quantity: "share of the variance, %",
      lines: plots.map { plot in
        var sum = 0.0
        return .init(
          name: plot.name,
          values: [0]
            + plot.components.explainedVariance.map { share in
              sum += 100 * share
              return sum
            })
      }, counted: "components", size: .half)
  }

  private func groups(_ dimensions: Int) -> [ScatterPlot.Group] {
    let rows = stride(
      from: 0, to: projections.rows, by: (projections.rows - 1) / Self.mostPoints + 1)
    func point(_ row: Int) -> SIMD3<Double> {
      func coordinate(_ index: Int) -> Double {
        index < min(dimensions, projections.columns) ? projections[row, index] : 0
      }
      return SIMD3(coordinate(0), coordinate(1), coordinate(2))
    }
    guard let labels else { return [.init(name: "", points: rows.map(point))] }
    return Dictionary(grouping: rows) { labels[$0] }.sorted { $0.key < $1.key }
      .map { .init(name: "\($0.key)", points: $0.value.map(point)) }
  }
}
