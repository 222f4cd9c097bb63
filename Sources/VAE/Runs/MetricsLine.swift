/// A line of `metrics.jsonl`: an epoch's averages over one split.
public struct MetricsLine: Codable, Hashable, Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// Training steps taken by the end of the epoch.
  public var step: Int
  /// `train`, averaged while the parameters moved, or `test`, after the epoch.
  public var split: String
  /// Reconstruction + β·KL.
  public var loss: Double
  /// Nats an image, or the squared error.
  public var reconstruction: Double
  /// Nats an image; absent for a plain autoencoder.
  public var kl: Double?
  /// The KL divergence of each latent dimension; `nil` where it was not looked at, or there is none.
  public var klPerDimension: [Double]?
  /// Active units; see `Evaluation`.
  public var activeUnits: Int?
  /// Time taken.
  public var seconds: Double
  /// Examples a second.
  public var imagesPerSecond: Double
  /// The backend that computed it.
  public var backend: String
  /// Its device and driver.
  public var device: String
  /// η at the epoch's last training step, where it is scheduled.
  public var learningRate: Double?
  /// The mean of the gradients' global norms before clipping, where they are clipped.
  public var gradientNorm: Double?
  /// The training steps whose gradients were clipped.
  public var clippedSteps: Int?
  /// The KL term's weight in the last training step of the epoch, or in the test's loss. Every loss has the
  /// weight that training ends with, so that epochs can be compared. `nil`, as the next one, in lines from
  /// before it was kept.
  public var beta: Double?
  /// What the loss is measured in.
  public var unit: String?
  /// K where the loss is −L_K, the importance-weighted bound of K draws of z an image; `nil` where it is that
  /// of the ELBO.
  public var importanceSamples: Int?

  /// A line.
  public init(
    epoch: Int, step: Int, split: String, loss: Double, reconstruction: Double, kl: Double?,
    klPerDimension: [Double]? = nil, activeUnits: Int? = nil,
    seconds: Double, imagesPerSecond: Double, backend: String, device: String,
    beta: Double? = nil, unit: String? = nil, learningRate: Double? = nil,
    gradientNorm: Double? = nil, clippedSteps: Int? = nil, importanceSamples: Int? = nil
  ) {
    self.epoch = epoch
    self.step = step
    self.split = split
    self.loss = loss
    self.reconstruction = reconstruction
    self.kl = kl
    self.klPerDimension = klPerDimension
    self.activeUnits = activeUnits
    self.seconds = seconds
    self.imagesPerSecond = imagesPerSecond
    self.backend = backend
    self.device = device
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
    self.clippedSteps = clippedSteps
    self.beta = beta
    self.unit = unit
    self.importanceSamples = importanceSamples
  }
}
