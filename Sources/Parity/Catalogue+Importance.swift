import Backend
import VAE

extension Catalogue {
  /// What several draws of an example's code need.
  mutating func importance() {
    let shapes = [(1, 1), (3, 7), (17, 3), (33, 31), (65, 20), (5, 300)]
    for posterior in Posterior.allCases {
      for (index, (rows, latent)) in shapes.enumerated() {
        let noise = Self.noises[index % Self.noises.count]
        addSampledDivergence(rows, latent, posterior, noise, .ordinary, skew: index % 4)
      }
      for (index, kind) in extent.kinds.enumerated() {
        addSampledDivergence(13, 21, posterior, Self.noises[index], kind, skew: index % 4)
      }
      for latent in [1, 20] {
        add(SampledDivergence.name) {
          .sampledDivergence(
            rows: 13, latent: latent, posterior, noise: Self.noises[1], nearPrior: true, $0)
        }
      }
    }
    for (index, (examples, draws)) in [(1, 1), (5, 1), (3, 7), (33, 50), (2, 513)].enumerated() {
      add(ImportanceWeights.name, skew: index % 4) {
        .importanceWeights(examples: examples, draws: draws, $0)
      }
    }
    for kind in extent.kinds {
      add(ImportanceWeights.name, kind) { .importanceWeights(examples: 13, draws: 21, $0) }
    }
    let rows = [(1, 1, 1), (3, 5, 1), (7, 17, 3), (5, 40, 50), (2, 784, 33)]
    for (index, (rows, columns, count)) in rows.enumerated() {
      addRows(rows, columns, count, .ordinary, skew: index % 4)
    }
    for (index, kind) in extent.kinds.enumerated() { addRows(5, 37, 6, kind, skew: index % 4) }
  }

  mutating func addSampledDivergence(
    _ rows: Int, _ latent: Int, _ posterior: Posterior, _ noise: Noise, _ kind: DataKind, skew: Int
  ) {
    add(SampledDivergence.name, kind, skew: skew) {
      .sampledDivergence(rows: rows, latent: latent, posterior, noise: noise, $0)
    }
    add(SampledDivergenceGradient.name, kind, skew: skew) {
      .sampledDivergenceGradient(rows: rows, latent: latent, posterior, noise: noise, $0)
    }
  }

  mutating func addRows(_ rows: Int, _ columns: Int, _ count: Int, _ kind: DataKind, skew: Int) {
    add(RepeatRows.name, kind, skew: skew) {
      .repeatRows(rows: rows, columns: columns, count: count, $0)
    }
    for scale in [1, 1 / Float(count)] {
      add(SumRowGroups.name, kind, skew: skew) {
        .sumRowGroups(rows: rows, columns: columns, count: count, scale: scale, $0)
      }
    }
    for inPlace in [false, true] {
      add(ScaleRows.name, kind, skew: skew) {
        .scaleRows(rows: rows * count, columns: columns, inPlace: inPlace, $0)
      }
    }
  }

  /// What a step of `rows` examples with several draws does.
  mutating func draws(of bound: Bound, _ model: ModelConfiguration, _ rows: Int) {
    let count = bound.samples
    for columns in [2 * model.latent, model.pixels] {
      addRows(rows, columns, count, .ordinary, skew: 0)
    }
    if case .importanceWeighted = bound {
      addSampledDivergence(
        rows * count, model.latent, model.posterior, Self.noises[1], .ordinary, skew: 0)
      add(ImportanceWeights.name) { .importanceWeights(examples: rows, draws: count, $0) }
    }
  }
}
