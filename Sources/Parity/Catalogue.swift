import Backend

/// The cases that `checkBackend` tries: a new operation is one more function here.
struct Catalogue {
  /// A case still to be made, because its tensors take room.
  struct Entry {
    let operation: String
    let number: UInt64
    let makeCase: () -> OperationCase
  }

  private(set) var entries: [Entry] = []
  let extent: Extent
  private let seed: UInt64
  private let subject: TrainingSubject?

  init(extent: Extent, seed: UInt64, subject: TrainingSubject? = nil) {
    self.extent = extent
    self.seed = seed
    self.subject = subject
  }

  mutating func build() {
    dense()
    activate()
    posterior()
    importance()
    freeBits()
    losses()
    varianceGradients()
    optimizers()
    norms()
    denseUpdates()
    data()
    columns()
    corruptions()
    convolutions()
    if let subject, extent.hasPresets { shapes(of: subject) }
  }

  /// Adds a case with data of its own.
  mutating func add(
    _ operation: String, _ kind: DataKind = .ordinary, skew: Int = 0,
    _ makeCase: @escaping (CaseSetting) -> OperationCase
  ) {
    let setting = CaseSetting(
      kind: kind, skew: skew, seed: seed, number: UInt64(entries.count + 1))
    entries.append(
      Entry(operation: operation, number: setting.number) { makeCase(setting) })
  }
}

extension Catalogue {
  private mutating func dense() {
    for (index, shape) in DenseShape.awkward(extent, seed: seed).enumerated() {
      let activation = Activation.allCases[index % Activation.allCases.count]
      dense(shape, activation, skew: index % 4)
    }
    for (index, kind) in extent.kinds.enumerated() {
      for activation in Activation.allCases {
        dense(DenseShape(9, 34, 17), activation, kind, skew: index)
      }
    }
    guard extent.hasPresets else { return }
    for shape in DenseShape.presets { dense(shape, .identity) }
    for shape in DenseShape.shortBatch(extent) { dense(shape, .relu) }
  }

  /// A layer, forward and both ways backward.
  mutating func dense(
    _ shape: DenseShape, _ activation: Activation, _ kind: DataKind = .ordinary, skew: Int = 0
  ) {
    add(Dense.name, kind, skew: skew) { .dense(shape, activation, $0) }
    add(DenseInputGradient.name, kind, skew: skew) { .denseInputGradient(shape, activation, $0) }
    add(DenseParameterGradient.name, kind, skew: skew) { .denseParameterGradient(shape, $0) }
  }

  private mutating func activate() {
    for activation in Activation.allCases {
      for kind in extent.kinds {
        add(Activate.name, kind) { .activate(count: 1037, activation, inPlace: false, $0) }
      }
      for (index, count) in extent.edges.enumerated() {
        add(Activate.name, skew: index % 4) {
          .activate(count: count, activation, inPlace: index % 2 == 0, $0)
        }
      }
    }
    if extent.hasPresets {
      add(Activate.name) { .activate(count: 128 * 784, .sigmoid, inPlace: true, $0) }
    }
  }

  private mutating func posterior() {
    var shapes = [(0, 5), (1, 1), (3, 7), (17, 3), (33, 31), (65, 20)]
    if extent.hasPresets { shapes += [(128, 20), (96, 20), (250, 30)] }
    let weights: [Float] = [1, 0.5, 1 / 128, 0]
    for posterior in Posterior.allCases {
      for (index, (rows, latent)) in shapes.enumerated() {
        let noise = Self.noises[index % Self.noises.count]
        let weight = weights[index % weights.count]
        addPosterior(rows, latent, posterior, noise, weight, .ordinary, skew: index % 4)
        addPosterior(rows, latent, posterior, nil, weight, .ordinary, skew: index % 3)
      }
      for (index, kind) in extent.kinds.enumerated() {
        addPosterior(13, 21, posterior, Self.noises[index], 0.5, kind, skew: index % 4)
      }
      for latent in [1, 20] {
        add(KLDivergence.name) {
          .klDivergence(rows: 13, latent: latent, posterior, nearPrior: true, $0)
        }
      }
      add(Reparameterize.name, .nonFinite) {
        .reparameterize(rows: 13, latent: 21, posterior, noise: nil, $0)
      }
    }
  }

  mutating func addPosterior(
    _ rows: Int, _ latent: Int, _ posterior: Posterior, _ noise: Noise?, _ weight: Float,
    _ kind: DataKind, skew: Int
  ) {
    add(Reparameterize.name, kind, skew: skew) {
      .reparameterize(rows: rows, latent: latent, posterior, noise: noise, $0)
    }
    add(ReparameterizeGradient.name, kind, skew: skew) {
      .reparameterizeGradient(
        rows: rows, latent: latent, posterior, noise: noise, klWeight: weight, $0)
    }
    if noise != nil {
      add(KLDivergence.name, kind, skew: skew) {
        .klDivergence(rows: rows, latent: latent, posterior, $0)
      }
    }
  }

  private mutating func losses() {
    for columns in [1, 37] {
      add(ReconstructionLoss.name) {
        .confidentReconstructionLoss(rows: 13, columns: columns, $0)
      }
    }
    var shapes = extent.edges.flatMap { [($0, 5), (3, max($0, 1))] }
    if extent.hasLongSums { shapes.append((1, 4097)) }
    if extent.hasPresets { shapes += [(128, 784), (96, 784), (250, 784)] }
    for (index, (rows, columns)) in shapes.enumerated() {
      for likelihood in Likelihood.allCases {
        addLosses(rows, columns, likelihood, .ordinary, skew: index % 4)
      }
      add(SumRows.name, skew: index % 4) { .sumRows(rows: rows, columns: columns, $0) }
    }
    for kind in extent.kinds {
      for likelihood in Likelihood.allCases { addLosses(13, 37, likelihood, kind, skew: 1) }
      add(SumRows.name, kind) { .sumRows(rows: 13, columns: 257, $0) }
    }
    if extent.hasLongSums {
      add(SumRows.name) { .sumRows(rows: 1, columns: 100_000, $0) }
    }
  }

  mutating func addLosses(
    _ rows: Int, _ columns: Int, _ likelihood: Likelihood, _ kind: DataKind, skew: Int
  ) {
    add(ReconstructionLoss.name, kind, skew: skew) {
      .reconstructionLoss(rows: rows, columns: columns, likelihood, $0)
    }
    for inPlace in [false, true] {
      add(ReconstructionLossGradient.name, kind, skew: skew) {
        .reconstructionLossGradient(
          rows: rows, columns: columns, likelihood, inPlace: inPlace, $0)
      }
    }
  }

  private mutating func optimizers() {
    for (index, count) in extent.edges.enumerated() {
      add(AdamUpdate.name, skew: index % 4) { .adam(count: count, steps: 1, $0) }
      add(MomentumUpdate.name, skew: index % 4) {
        .momentum(count: count, momentum: 0.9, steps: 1, $0)
      }
    }
    for kind in extent.kinds {
      for decay in [0, 0.1] {
        add(AdamUpdate.name, kind) { .adam(count: 515, steps: 5, weightDecay: decay, $0) }
      }
      for momentum: Float in [0, 0.9] {
        add(MomentumUpdate.name, kind) { .momentum(count: 515, momentum: momentum, steps: 5, $0) }
      }
    }
    if extent.hasPresets {
      add(AdamUpdate.name) { .adam(count: 472_894, steps: 1, $0) }
      add(MomentumUpdate.name) { .momentum(count: 472_894, momentum: 0.9, steps: 1, $0) }
    }
  }

  private mutating func data() {
    for isOrdered in [false, true] {
      // The last has more rows than 16 bits count, and takes so many that some lie beyond.
      let shapes = [
        (0, 5, 3, 1), (1, 1, 1, 0), (7, 3, 20, 13), (33, 65, 40, 7), (5, 784, 64, 59),
        (300, 3, 70_000, 69_700),
      ]
      for (index, (rows, columns, tableRows, start)) in shapes.enumerated() {
        add(Gather.name, skew: index) {
          .gather(
            rows: rows, columns: columns, tableRows: tableRows, start: start,
            isOrdered: isOrdered, $0)
        }
      }
      guard extent.hasPresets else { continue }
      // The batch and the short last one of a data set of 480 images.
      for (rows, start) in [(128, 256), (96, 384)] {
        add(Gather.name) {
          .gather(
            rows: rows, columns: 784, tableRows: 480, start: start, isOrdered: isOrdered, $0)
        }
      }
    }
    binarize()
    for distribution in Distribution.allCases {
      for (index, count) in extent.edges.enumerated() {
        let noise = Self.noises[index % Self.noises.count]
        add(RandomFill.name, skew: index % 4) {
          .randomFill(rows: 1, columns: count, distribution, noise: noise, $0)
        }
      }
      for noise in Self.noises {
        add(RandomFill.name) { .randomFill(rows: 37, columns: 29, distribution, noise: noise, $0) }
      }
      if extent.hasPresets {
        add(RandomFill.name) {
          .randomFill(rows: 784, columns: 400, distribution, noise: Self.noises[1], $0)
        }
      }
    }
  }
}
