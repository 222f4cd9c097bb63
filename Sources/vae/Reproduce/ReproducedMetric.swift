import Backend
import VAE

/// What of a run is compared with a published number.
enum ReproducedMetric {
  /// The loss over the test images.
  case testLoss
  /// The loss over an epoch's training images, while the parameters moved.
  case trainingLoss
  /// The number of weights and biases.
  case parameters

  var name: String {
    switch self {
    case .testLoss: "test loss"
    case .trainingLoss: "training loss"
    case .parameters: "parameters"
    }
  }

  /// Digits after the point that are worth showing.
  var digits: Int { self == .parameters ? 0 : 2 }

  /// Its value where training stands; `epoch` is what the last epoch came to.
  func measure(_ trainer: Trainer, _ epoch: EpochAverages?, test: PixelTable) throws -> Double {
    switch self {
    case .testLoss:
      try trainer.model.evaluate(
        test, beta: trainer.configuration.beta, seed: trainer.configuration.seed
      ).loss
    case .trainingLoss: epoch?.loss ?? .nan
    case .parameters: Double(trainer.model.configuration.parameterCount)
    }
  }
}
