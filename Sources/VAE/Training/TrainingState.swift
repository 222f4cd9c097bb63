/// Where training stands: with parameters and the optimizer's state, all that a checkpoint needs.
public struct TrainingState: Codable, Hashable, Sendable {
  /// Epochs completed.
  public internal(set) var epoch = 0
  /// Steps taken in all.
  public internal(set) var step = 0
  /// Steps taken in the current epoch.
  public internal(set) var batch = 0
  /// Examples of the current epoch whose losses have been read.
  public internal(set) var images = 0
  /// Examples of an epoch.
  public internal(set) var examples = 0
  /// The sum of their reconstruction losses.
  public internal(set) var reconstructionSum = 0.0
  /// The sum of their KL divergences; `nil` where none has been read, and for a plain autoencoder.
  public internal(set) var klSum: Double?
  /// Time spent on the current epoch's steps.
  public internal(set) var seconds = 0.0
  /// The gradients' norms in the current epoch, where they are clipped.
  public internal(set) var gradientNorms: GradientNorms?

  /// Averages over the current epoch so far.
  public func averages(beta: Double) -> EpochAverages {
    let count = Double(max(images, 1))
    let (reconstruction, divergence) = (reconstructionSum / count, klSum.map { $0 / count })
    return EpochAverages(
      loss: reconstruction + beta * (divergence ?? 0), reconstruction: reconstruction,
      kl: divergence, images: images, seconds: seconds, gradientNorms: gradientNorms)
  }

  mutating func finishEpoch() {
    self = TrainingState(epoch: epoch + 1, step: step, examples: examples)
  }
}

/// An epoch's losses, averaged over its examples.
public struct EpochAverages: Hashable, Sendable {
  /// Reconstruction + β·KL.
  public let loss: Double
  /// Nats an image, or the squared error.
  public let reconstruction: Double
  /// Nats an image; `nil` for a plain autoencoder.
  public let kl: Double?
  /// Examples seen.
  public let images: Int
  /// Time the steps took.
  public let seconds: Double
  /// The gradients' norms, where they are clipped.
  public let gradientNorms: GradientNorms?

  /// Examples a second.
  public var imagesPerSecond: Double { seconds > 0 ? Double(images) / seconds : 0 }
}

/// The global norms that some steps' gradients had before they were clipped.
public struct GradientNorms: Codable, Hashable, Sendable {
  /// Steps.
  public internal(set) var steps = 0
  /// Steps whose norm was above the limit.
  public internal(set) var clipped = 0
  /// The sum of the norms.
  public internal(set) var sum = 0.0

  /// The mean norm.
  public var mean: Double { sum / Double(max(steps, 1)) }
}

extension GradientNorms? {
  /// With another step's norm.
  func adding(_ norm: Float, limit: Float) -> GradientNorms {
    var norms = self ?? GradientNorms()
    norms.steps += 1
    norms.clipped += norm > limit ? 1 : 0
    norms.sum += Double(norm)
    return norms
  }
}

/// Why training cannot go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A step's loss is infinite or not a number.
  case notFinite(step: Int, epoch: Int, reconstruction: Double, kl: Double)
  /// The norm of a step's gradients, before clipping, is infinite or not a number.
  case gradientNotFinite(step: Int, epoch: Int)
  /// A parameter is infinite or not a number where a checkpoint was to be written.
  case parametersNotFinite(name: String, step: Int)

  /// One line for a person.
  public var description: String {
    switch self {
    case .notFinite(let step, let epoch, let reconstruction, let kl):
      let isFinite = (reconstruction.isFinite, kl.isFinite)
      // A NaN's sign says nothing.
      let reconstruction = reconstruction.isNaN ? "nan" : "\(reconstruction)"
      let kl = kl.isNaN ? "nan" : "\(kl)"
      let cause =
        switch isFinite {
        case (true, _): "the KL term is \(kl)"
        case (_, true): "the reconstruction is \(reconstruction)"
        default: "reconstruction (\(reconstruction)) and KL term (\(kl)) both are"
        }
      return "the loss stopped being finite at step \(step) (epoch \(epoch)): \(cause); "
        + "try a lower --learning-rate"
    case .gradientNotFinite(let step, let epoch):
      return "the gradients' norm stopped being finite at step \(step) (epoch \(epoch)); "
        + "try a lower --learning-rate"
    case .parametersNotFinite(let name, let step):
      return "\(name) stopped being finite by step \(step); try a lower --learning-rate"
    }
  }
}
