import Backend

// The operations' formulas once more, in running error analysis. They follow the text of `Backend`'s
// documentation; the engine holds their values against `ReferenceBackend`'s, so that neither can go
// astray alone.

extension Activation {
  /// f(a).
  func bounded(_ argument: Bounded) -> Bounded {
    switch self {
    case .identity: argument
    case .relu: argument.positivePart
    case .tanh: argument.hyperbolicTangent
    case .sigmoid: argument.logistic
    case .softplus: argument.softplus
    case .elu: argument.exponentialLinear
    case .silu: argument * argument.logistic
    }
  }

  /// f′, from f's value, or from its argument where `derivativeNeedsArgument`.
  func boundedDerivative(saved: Bounded) -> Bounded {
    let one = Bounded(exactly: 1)
    return switch self {
    case .identity: one
    // Where the value may be zero or not, the whole slope is in doubt.
    case .relu:
      Bounded(
        value: saved.value > 0 ? 1 : 0,
        error: saved.error > 0 && abs(saved.value) <= saved.error ? 1 : 0)
    case .tanh: one - saved * saved
    case .sigmoid: saved * (one - saved)
    case .softplus: -(-saved).exponentialMinusOne
    case .elu:
      saved.value > saved.error
        ? one : Bounded(value: min(saved.value, 0), error: saved.error) + one
    case .silu: saved.logistic * (one + saved * (one - saved.logistic))
    }
  }

  /// Whether f leaves an element as it is wherever it does not make it zero, so that what a matrix
  /// product's rounding does can be seen through it.
  var isTransparent: Bool { self == .identity || self == .relu }
}

extension Posterior {
  /// σ, or −σ where the `sigma` head turned negative.
  func boundedDeviation(_ spread: Bounded) -> Bounded {
    switch self {
    case .logVariance: spread.half.exponential
    case .sigma: spread
    }
  }

  /// The terms of one dimension's 2·KL.
  ///
  /// Where they cancel, the sum's bound grows with their magnitudes and not with the sum. With γ, e^γ − 1
  /// is one of them, so that little is lost where the posterior is all but the prior; with σ, near 1,
  /// σ² and 1 remain.
  func addDivergence(mean: Bounded, spread: Bounded, to sum: inout BoundedSum) {
    sum.add(mean * mean)
    switch self {
    case .logVariance:
      sum.add(spread.exponentialMinusOne)
      sum.add(-spread)
    case .sigma:
      let square = spread * spread
      sum.add(square)
      sum.add(-(square + Bounded(Self.logarithmGuard)).logarithm)
      sum.add(Bounded(exactly: -1))
    }
  }

  /// dγ or dσ from dz, ε (`nil`: z = μ) and the KL term's weight.
  func boundedGradient(spread: Bounded, codeGradient: Bounded, draw: Bounded?, weight: Bounded)
    -> Bounded
  {
    let divergence = weight * boundedDivergenceSlope(spread)
    return switch self {
    case .logVariance:
      draw.map { codeGradient * spread.half.exponential * $0.half + divergence } ?? divergence
    case .sigma: draw.map { codeGradient * $0 + divergence } ?? divergence
    }
  }

  /// The derivative of one dimension's KL with respect to its spread.
  func boundedDivergenceSlope(_ spread: Bounded) -> Bounded {
    switch self {
    case .logVariance: spread.exponentialMinusOne.half
    case .sigma: spread - spread / (spread * spread + Bounded(Self.logarithmGuard))
    }
  }
}

extension Likelihood {
  /// The terms of one pixel's loss, of a Gaussian its squared error.
  func addLoss(logit: Bounded, target: Bounded, to sum: inout BoundedSum) {
    switch self {
    case .bernoulli:
      // A pixel that is 0 or 1 leaves max(a, 0) − a·x without rounding.
      if target.error == 0 && target.value == 0 {
        sum.add(logit.positivePart)
      } else if target.error == 0 && target.value == 1 {
        sum.add((-logit).positivePart)
      } else {
        sum.add(logit.positivePart)
        sum.add(-(logit * target))
      }
      sum.add((-logit.magnitude).exponential.logarithmOnePlus)
    case .squaredError, .gaussian, .gaussianLearned, .gaussianDiagonal:
      let difference = logit.logistic - target
      sum.add(difference * difference)
    }
  }

  /// Its derivative with respect to the logit; σ(a) − x cancels where the reconstruction is good.
  func boundedGradient(logit: Bounded, target: Bounded) -> Bounded {
    let pixel = logit.logistic
    let difference = pixel - target
    return switch self {
    case .bernoulli: difference
    case .squaredError, .gaussian, .gaussianLearned, .gaussianDiagonal:
      Bounded(exactly: 2) * difference * pixel * (Bounded(exactly: 1) - pixel)
    }
  }
}

extension Noise {
  /// The word of element `index`, counted from `firstElement`.
  func word(_ index: Int) -> UInt32 { words(block: index / 4)[index % 4] }

  /// The normal of element `index`, counted from `firstElement`, by the transform at `BoxMuller`:
  /// the uniforms and the quarter turns are exact, what remains are ln, a square root, one product
  /// with 2π, a sine or cosine and the last product.
  func boundedNormal(_ index: Int) -> Bounded {
    let words = words(block: index / 4)
    let (first, second) = index % 4 < 2 ? (words.x, words.y) : (words.z, words.w)
    let uniform = Bounded(exactly: Double((first >> 8) + 1) * 0x1p-24)
    let radius = (Bounded(exactly: -2) * uniform.logarithm).squareRoot
    let turn = Double(second >> 8) * 0x1p-24
    let quarter = (4 * turn).rounded(.toNearestOrEven)
    let circle = Bounded(rounded: 2 * .pi, inherited: 0)
    let angle = Bounded(exactly: turn - quarter / 4) * circle
    // cos(x + q·π/2), and sin as the cosine a quarter turn earlier.
    let isSine = index % 2 == 1
    return switch (Int(quarter) + (isSine ? 3 : 0)) % 4 {
    case 0: radius * angle.cosine
    case 1: -(radius * angle.sine)
    case 2: -(radius * angle.cosine)
    default: radius * angle.sine
    }
  }
}
