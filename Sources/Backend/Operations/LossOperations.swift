/// The reconstruction's loss of each example, summed over its pixels, from the decoder's output before
/// any nonlinearity, by the formula at `Likelihood`.
public struct ReconstructionLoss: Operation {
  /// `reconstruction loss`
  public static let name = "reconstruction loss"
  /// a, M×D; for a diagonal Gaussian a, then s: M×2D.
  public let logits: Tensor
  /// x, M×D, in [0, 1].
  public let target: Tensor
  /// The formula.
  public let likelihood: Likelihood
  /// σ² of a Gaussian that has one for all pixels.
  public let variance: PixelVariance
  /// M values.
  public let loss: Tensor

  /// Checks that the shapes fit.
  public init(
    logits: Tensor, target: Tensor, likelihood: Likelihood,
    variance: PixelVariance = .given(1), loss: Tensor
  ) {
    precondition(
      logits.rows == target.rows
        && logits.columns == likelihood.outputsPerPixel * target.columns,
      "reconstruction loss: logits for every pixel of the target")
    precondition(loss.count == logits.rows, "reconstruction loss: one value an example")
    precondition(
      (variance.parameter != nil) == (likelihood == .gaussianLearned),
      "reconstruction loss: a variance is learned where the likelihood says so")
    self.logits = logits
    self.target = target
    self.likelihood = likelihood
    self.variance = variance
    self.loss = loss
  }

  /// The likelihood and M×D.
  public var shapes: String { "\(likelihood) \(logits)" }
}

/// `ReconstructionLoss` together with `scale` times its gradient with respect to the logits.
public struct ReconstructionLossGradient: Operation {
  /// `reconstruction loss gradient`
  public static let name = "reconstruction loss gradient"
  /// The loss itself.
  public let loss: ReconstructionLoss
  /// What the gradient is multiplied by: 1/M, for a loss averaged over the batch.
  public let scale: Float
  /// M×D; may be the logits' own tensor.
  public let gradient: Tensor

  /// Checks that the shapes fit.
  public init(loss: ReconstructionLoss, scale: Float, gradient: Tensor) {
    precondition(
      gradient.rows == loss.logits.rows && gradient.columns == loss.logits.columns,
      "reconstruction loss gradient: gradient has the logits' shape")
    self.loss = loss
    self.scale = scale
    self.gradient = gradient
  }

  /// The likelihood and M×D.
  public var shapes: String { loss.shapes }
}

/// The gradient of `scale` times a batch's Gaussian losses with respect to the parameter s of their one
/// learned variance: scale·v′(s)·Σ (D/2 + D/2·(ln 2π + v) − loss) over the examples, v = ln σ².
///
/// What is in the brackets is D/2 − ‖y − x‖²/(2σ²), the loss having all that is needed of the pixels.
public struct VarianceGradient: Operation {
  /// `variance gradient`
  public static let name = "variance gradient"
  /// The losses of M examples.
  public let loss: Tensor
  /// s, one element.
  public let parameter: Tensor
  /// D.
  public let pixels: Int
  /// What the gradient is multiplied by.
  public let scale: Float
  /// One element.
  public let gradient: Tensor

  /// Checks that the shapes fit.
  public init(loss: Tensor, parameter: Tensor, pixels: Int, scale: Float, gradient: Tensor) {
    precondition(
      parameter.count == 1 && gradient.count == 1, "variance gradient: one parameter")
    self.loss = loss
    self.parameter = parameter
    self.pixels = pixels
    self.scale = scale
    self.gradient = gradient
  }

  /// The number of examples.
  public var shapes: String { "\(loss.count)" }
}

/// The sum of each row, in an order fixed by the shape alone.
public struct SumRows: Operation {
  /// `sum rows`
  public static let name = "sum rows"
  /// R×C.
  public let input: Tensor

  /// The sums of `input`'s rows.
  public init(input: Tensor) { self.input = input }

  /// R×C
  public var shapes: String { "\(input)" }
}

extension ReconstructionLoss {
  /// Of each pixel 7 for max(a, 0) − a·x + ln(1 + e^{−|a|}) and its sum, 6 for (σ(a) − x)², 5 more for v and
  /// 4 for ½(v + (y − x)²/σ²) where it has a variance of its own; of each row 2 for a Gaussian's factor and
  /// constant; logits and x read, M values written.
  public var cost: OperationCost {
    let (pixel, row) =
      switch likelihood {
      case .bernoulli: (7, 0)
      case .squaredError: (6, 0)
      case .gaussian, .gaussianLearned: (6, 2)
      case .gaussianDiagonal: (15, 2)
      }
    return OperationCost(
      operations: pixel * target.count + row * target.rows,
      elements: logits.count + target.count + loss.count
        + (variance.parameter == nil ? 0 : 1))
  }
}

extension ReconstructionLossGradient {
  /// The loss's, and of each pixel 4 for scale·(σ(a) − x), whose exponential is there, or 5 for the squared
  /// error's, whose σ(a) − x is, and 6 more for its variance's; the gradient written.
  public var cost: OperationCost {
    let pixel =
      switch loss.likelihood {
      case .bernoulli: 4
      case .squaredError, .gaussian, .gaussianLearned: 5
      case .gaussianDiagonal: 11
      }
    return loss.cost
      + OperationCost(operations: pixel * loss.target.count, elements: gradient.count)
  }
}

extension VarianceGradient {
  /// 2 an example, and 10 for v, its slope and the constants; M losses and s read, one number written.
  public var cost: OperationCost {
    OperationCost(operations: 2 * loss.count + 10, elements: loss.count + 2)
  }
}

extension SumRows {
  /// An addition an element; R·C read, R written.
  public var cost: OperationCost {
    OperationCost(operations: input.count, elements: input.count + input.rows)
  }
}
