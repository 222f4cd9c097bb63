import Backend

extension BoundedBackend {
  func run(_ operation: RepeatRows) {
    let (input, columns) = (self[operation.input], operation.output.columns)
    fill(operation.output) { index in
      input[index / columns / operation.count * columns + index % columns]
    }
  }

  func run(_ operation: SumRowGroups) {
    let (input, columns) = (self[operation.input], operation.output.columns)
    let scale = Bounded(operation.scale)
    fill(operation.output) { index in
      let first = index / columns * operation.count * columns + index % columns
      var sum = BoundedSum()
      for row in 0..<operation.count { sum.add(input[first + row * columns]) }
      return scale * sum.total
    }
  }

  func run(_ operation: ScaleRows) {
    let (input, scales) = (self[operation.input], self[operation.scales])
    fill(operation.output) { index in scales[index / operation.output.columns] * input[index] }
  }

  func run(_ operation: SampledDivergence, noise: Noise) {
    let (head, latent) = (self[operation.head], operation.head.columns / 2)
    fill(operation.divergence) { row in
      var sum = BoundedSum()
      for column in 0..<latent {
        let position = row * 2 * latent + column
        operation.posterior.addSampledDivergence(
          mean: head[position], spread: head[position + latent],
          draw: noise.boundedNormal(row * latent + column), to: &sum)
      }
      return sum.total
    }
  }

  func run(_ operation: SampledDivergenceGradient, noise: Noise) {
    let (head, latent) = (self[operation.head], operation.codeGradient.columns)
    let (codeGradient, weights) = (self[operation.codeGradient], self[operation.weights])
    fill(operation.headGradient) { index in
      let (row, column) = (index / (2 * latent), index % (2 * latent))
      let (mean, element) = (row * 2 * latent + column % latent, row * latent + column % latent)
      let (spread, draw) = (head[mean + latent], noise.boundedNormal(element))
      let shift = operation.posterior.boundedDeviation(spread) * draw
      let total = codeGradient[element] + weights[row] * (head[mean] + shift)
      return column < latent
        ? total
        : operation.posterior.boundedSampledGradient(
          total: total, spread: spread, draw: draw, shift: shift, weight: weights[row])
    }
  }

  func run(_ operation: ImportanceWeights) {
    let (reconstruction, divergence) = (
      self[operation.reconstruction], self[operation.divergence]
    )
    var (weights, losses) = (self[operation.weights], self[operation.losses])
    let (scale, draws) = (Bounded(operation.scale), operation.draws)
    for example in 0..<operation.examples {
      let range = example * draws..<(example + 1) * draws
      let totals = range.map { reconstruction[$0] + divergence[$0] }
      let least = Bounded.least(of: totals)
      let exponentials = totals.map { (least - $0).exponential }
      var (sum, weighted) = (BoundedSum(), BoundedSum())
      for (exponential, loss) in zip(exponentials, reconstruction[range]) {
        sum.add(exponential)
        weighted.add(exponential * loss)
      }
      let total = sum.total
      for (index, exponential) in zip(range, exponentials) {
        weights[index] = scale * (exponential / total)
      }
      let mean = weighted.total / total
      losses[example] = mean
      losses[operation.examples + example] =
        least - (total / Bounded(exactly: Double(draws))).logarithm - mean
    }
    set(operation.weights, to: weights)
    set(operation.losses, to: losses)
  }
}

extension Bounded {
  /// The smallest, NaN left out: no further off than the farthest of them.
  fileprivate static func least(of values: [Bounded]) -> Bounded {
    var least = Bounded(value: .infinity, error: 0)
    for value in values {
      if value.value < least.value { least.value = value.value }
      least.error = max(least.error, value.error)
    }
    return least
  }
}

extension Posterior {
  /// The terms of one dimension's ln q(z|x) − ln p(z), by the formula at `SampledDivergence`.
  fileprivate func addSampledDivergence(
    mean: Bounded, spread: Bounded, draw: Bounded, to sum: inout BoundedSum
  ) {
    let (excess, logVariance) =
      switch self {
      case .logVariance: (spread.half.exponentialMinusOne, spread)
      case .sigma:
        (
          spread - Bounded(exactly: 1),
          (spread * spread + Bounded(Self.logarithmGuard)).logarithm
        )
      }
    let distance = mean + excess * draw
    sum.add(distance.half * (distance + Bounded(exactly: 2) * draw))
    sum.add(-logVariance.half)
  }

  /// dγ or dσ from t, by the formula at `SampledDivergenceGradient`; `shift` is σ·ε.
  fileprivate func boundedSampledGradient(
    total: Bounded, spread: Bounded, draw: Bounded, shift: Bounded, weight: Bounded
  ) -> Bounded {
    switch self {
    case .logVariance: total.half * shift - weight.half
    case .sigma:
      total * draw
        - weight * (spread / (spread * spread + Bounded(Self.logarithmGuard)))
    }
  }
}
