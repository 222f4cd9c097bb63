/// The reconstruction's loss of each example, summed over its pixels, from the decoder's output before
/// any nonlinearity, by the formula at `Likelihood`.
public struct ReconstructionLoss: Operation {
  /// `reconstruction loss`
  public static let name = "reconstruction loss"
  /// a, M×D.
  public let logits: Tensor
  /// x, M×D, in [0, 1].
  public let target: Tensor
  /// The formula.
  public let likelihood: Likelihood
  /// M values.
  public let loss: Tensor

  /// Checks that the shapes fit.
  public init(logits: Tensor, target: Tensor, likelihood: Likelihood, loss: Tensor) {
    precondition(
      logits.rows == target.rows && logits.columns == target.columns,
      "reconstruction loss: logits and target have one shape")
    precondition(loss.count == logits.rows, "reconstruction loss: one value an example")
    self.logits = logits
    self.target = target
    self.likelihood = likelihood
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
