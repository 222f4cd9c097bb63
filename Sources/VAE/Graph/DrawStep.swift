import Backend

/// What a training step does with several draws of each example's code: losses of draws become losses of
/// examples, and the gradients of an example's draws come together at its head.
///
/// With importance weights, the gradient of −ln(1/K·Σ w) is Σ w̃·∇(−ln w), w̃ being the normalized weights
/// (Burda et al. 2016, equation 14): each draw's reconstruction gradient times its weight, and the total
/// derivative of ln q(z|x) − ln p(z) with it.
struct DrawStep: Sendable {
  private let draws: Draws
  private let losses: Losses
  private let head: HeadGradient
  private let sum: SumRowGroups

  private enum Losses: Sendable {
    case averaged(SumRowGroups, KLDivergence)
    case weighted(ImportanceWeights, ScaleRows)
  }

  private enum HeadGradient: Sendable {
    case closed(ReparameterizeGradient)
    case drawn(SampledDivergenceGradient)
  }

  /// - Parameters:
  ///   - logitsGradient: that of each draw, which importance weights scale where it stands.
  ///   - headGradient: where the examples' gradients go, M×2L.
  init(
    _ plan: GraphPlan, _ pass: Pass, _ draws: Draws, _ bound: Bound, logitsGradient: Tensor,
    codeGradient: Tensor, headGradient: Tensor
  ) {
    guard let buffers = plan.draws, let divergence = pass.divergence else {
      preconditionFailure("several draws need a posterior and room for them")
    }
    let codes = draws.head.rows
    let gradients = buffers.headGradient[rows: 0..<codes]
    let posterior = plan.configuration.posterior
    let weights = Tensor(offset: buffers.weights.offset, rows: 1, columns: codes)
    self.draws = draws
    sum = SumRowGroups(input: gradients, output: headGradient)
    switch bound {
    case .evidence(let samples):
      func column(_ tensor: Tensor) -> Tensor {
        Tensor(offset: tensor.offset, rows: tensor.count, columns: 1)
      }
      let average = SumRowGroups(
        input: column(draws.losses[rows: 0..<1]), scale: 1 / Float(samples),
        output: column(pass.losses[rows: 0..<1]))
      losses = .averaged(average, divergence)
      head = .closed(
        ReparameterizeGradient(
          head: draws.head, posterior: posterior, codeGradient: codeGradient,
          headGradient: gradients))
    case .importanceWeighted:
      losses = .weighted(
        ImportanceWeights(
          reconstruction: draws.losses[rows: 0..<1], divergence: draws.losses[rows: 1..<2],
          scale: 1 / Float(pass.rows), weights: weights, losses: pass.losses),
        ScaleRows(input: logitsGradient, scales: weights, output: logitsGradient))
      head = .drawn(
        SampledDivergenceGradient(
          head: draws.head, posterior: posterior, codeGradient: codeGradient, weights: weights,
          headGradient: gradients))
    }
  }

  /// What the gradient of each draw's reconstruction is multiplied by, where no weight follows.
  static func scale(rows: Int, _ bound: Bound?) -> Float {
    switch bound {
    case nil: 1 / Float(rows)
    case .evidence(let samples): 1 / Float(rows * samples)
    case .importanceWeighted: 1
    }
  }

  /// Enqueues the examples' losses, after the draws' reconstructions.
  func runLosses(on backend: any Backend, noise: Noise) {
    switch losses {
    case .averaged(let average, let divergence):
      backend.run(average)
      backend.run(divergence)
    case .weighted(let weights, _):
      backend.run(draws.divergence, noise: noise)
      backend.run(weights)
    }
  }

  /// Enqueues what comes before the decoder's backward pass.
  func runWeights(on backend: any Backend) {
    if case .weighted(_, let scaling) = losses { backend.run(scaling) }
  }

  /// Enqueues the heads' gradients, after the decoder's backward pass; `klWeight` is that of an example.
  func runHead(on backend: any Backend, noise: Noise, klWeight: Float) {
    switch head {
    case .closed(let gradient):
      backend.run(gradient, noise: noise, klWeight: klWeight / Float(draws.count))
    case .drawn(let gradient): backend.run(gradient, noise: noise)
    }
    backend.run(sum)
  }

  /// What the losses' operations write, in the order they do.
  var lossTrace: [TracedTensor] {
    switch losses {
    case .averaged(let average, let divergence):
      [
        TracedTensor(SumRowGroups.name, "mean reconstruction", average.output),
        TracedTensor(KLDivergence.name, "kl", divergence.divergence),
      ]
    case .weighted(let weights, _):
      [
        TracedTensor(
          SampledDivergence.name, "sampled divergence", draws.divergence.divergence),
        TracedTensor(ImportanceWeights.name, "importance weights", weights.weights),
        TracedTensor(ImportanceWeights.name, "bound", weights.losses),
      ]
    }
  }

  /// What the way back to the encoder writes.
  var headTrace: [TracedTensor] {
    let gradient =
      switch head {
      case .closed(let gradient):
        TracedTensor(ReparameterizeGradient.name, "draws' head gradient", gradient.headGradient)
      case .drawn(let gradient):
        TracedTensor(
          SampledDivergenceGradient.name, "draws' head gradient", gradient.headGradient)
      }
    return [gradient, TracedTensor(SumRowGroups.name, "head gradient", sum.output)]
  }
}
