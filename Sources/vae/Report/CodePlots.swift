import Backend
import Foundation
import Plots
import Statistics
import Terminal
import VAE

/// What the codes of a run's test images look like.
struct CodePlots {
  private let name: String
  private let latent: Int
  /// One draw z from each image's posterior, a row an image.
  private let draws: Matrix
  private let labels: [UInt8]?
  private let components: PrincipalComponents
  /// The KL divergence of each dimension, and the dimensions in its order.
  let divergences: [Double]
  let order: [Int]
  /// Whether each dimension is active; see `Evaluation.activeUnits`.
  private let isActive: [Bool]

  /// - Throws: `StatisticsError`.
  init(_ run: PicturedRun, _ codes: Codes) throws {
    name = run.name
    latent = codes.latent
    labels = run.images.split.labels
    var noise = NormalSequence(Noise(seed: 1, stream: .evaluation))
    let normals = noise.next(codes.means.count)
    draws = Matrix(
      rows: codes.count, columns: latent,
      values: codes.means.indices.map { index in
        Double(codes.means[index]) + exp(Double(codes.logVariances[index]) / 2) * normals[index]
      })
    components = try PrincipalComponents(
      Moments(Matrix(columns: latent, codes.means)))
    divergences = codes.klPerDimension
    order = divergences.byDivergence
    isActive = codes.meanVariances.map { $0 > VariationalAutoencoder.activeUnitThreshold }
    projections = components.project(
      Matrix(columns: latent, codes.means), count: min(3, latent))
  }

  /// The posterior means along the first components.
  private let projections: Matrix

  /// How many dimensions have histograms of their own, and how many points a cloud.
  static let (mostHistograms, mostPoints) = (60, 3000)

  /// How the draws lie in each dimension, beside N(0, 1).
  var histograms: [Plots.Histogram] {
    order.prefix(Self.mostHistograms).map { dimension in
      Plots.Histogram(
        quantity: "\(dimension): \(Format.fixed(divergences[dimension], digits: 2)) nats",
        groups: [.init(name: "z", values: draws.column(dimension))], range: -4...4, bins: 32,
        density: ("N(0, 1)", StandardNormal.density), size: .small)
    }
  }

  /// The KL divergence of each dimension.
  var bars: BarPlot {
    BarPlot(
      quantity: "KL divergence, nats",
      bars: order.map { .init(name: "\($0)", value: divergences[$0], kind: isActive[$0] ? 0 : 1) },
      kinds: ["active", "not active"], counted: "dimension")
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
