import Backend
import VAE

/// What of a run is compared with a published number.
enum ReproducedMetric: Hashable {
  /// The loss over the test images.
  case testLoss
  /// The loss over an epoch's training images, while the parameters moved.
  case trainingLoss
  /// The number of weights and biases.
  case parameters
  /// −ELBO of the first `images` test images. Takes the arena over: the last of a run's numbers.
  case bound(images: Int, draws: Int)
  /// −ln p(x) of the same, estimated by importance sampling.
  case negativeLogLikelihood(images: Int, draws: Int)
  /// The area under the ROC of anomalies, averaged over the digits held out.
  case detection(AnomalyScore)

  var name: String {
    switch self {
    case .testLoss: "test loss"
    case .trainingLoss: "training loss"
    case .parameters: "parameters"
    case .bound(let images, _): "-ELBO of \(images) images"
    case .negativeLogLikelihood(let images, let draws): "NLL of \(images) images, k = \(draws)"
    case .detection(let score): "mean AUROC by \(score.rawValue)"
    }
  }

  /// Digits after the point that are worth showing.
  var digits: Int { self == .parameters ? 0 : 2 }
}

/// A trained model and what its last epoch came to.
struct ReproducedModel {
  let trainer: Trainer
  let epoch: EpochAverages?
  let test: PixelTable
  /// Estimates made before: several numbers come of one.
  private var estimates: [Int: LikelihoodEstimate] = [:]

  init(trainer: Trainer, epoch: EpochAverages?, test: PixelTable) {
    self.trainer = trainer
    self.epoch = epoch
    self.test = test
  }

  /// The value of `metric`.
  ///
  /// - Parameter report: told how many draws of how many an estimate has made.
  /// - Throws: `InferenceError` or `BackendError`.
  mutating func value(
    of metric: ReproducedMetric, report: (_ draws: Int, _ all: Int) -> Void
  ) throws -> Double {
    switch metric {
    case .testLoss:
      try trainer.model.evaluate(
        test, beta: trainer.configuration.beta, seed: trainer.configuration.seed
      ).loss
    case .trainingLoss: epoch?.loss ?? .nan
    case .parameters: Double(trainer.model.configuration.parameterCount)
    case .bound(let images, let draws): try estimate(images, draws, report).negativeBound
    case .negativeLogLikelihood(let images, let draws):
      try estimate(images, draws, report).negativeLogLikelihood
    case .detection: preconditionFailure("a run with digits held out has its own numbers")
    }
  }

  private mutating func estimate(
    _ images: Int, _ draws: Int, _ report: (_ draws: Int, _ all: Int) -> Void
  ) throws -> LikelihoodEstimate {
    if let known = estimates[images] { return known }
    let parameters = try trainer.model.parameters()
    let model = try VariationalAutoencoder(
      trainer.model.configuration, on: trainer.model.backend,
      workspace: Workspace(codes: GraphPlan.codes(for: trainer.model.configuration)))
    try model.setParameters(parameters)
    let estimate = try model.logLikelihood(
      test, rows: 0..<images, draws: draws, seed: trainer.configuration.seed
    ) { report($0, images * draws) }
    estimates[images] = estimate
    return estimate
  }
}
