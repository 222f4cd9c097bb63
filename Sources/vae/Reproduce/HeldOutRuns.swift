import Backend
import Datasets
import VAE

/// A run for each digit, trained on all others and tested by how well its scores find the digit.
struct HeldOutRuns {
  let model: ModelConfiguration
  let training: TrainingConfiguration
  let dataset: ImageDataset
  let images: ResidentImages
  let backend: any Backend

  /// What came out.
  struct Results {
    /// The mean over the digits of the area under the ROC, by score.
    fileprivate(set) var means: [AnomalyScore: Double]
    /// A held-out 1 among `regretImages` test images: whether refining posteriors finds what the ELBO misses.
    fileprivate(set) var ones: (elbo: Double, regret: Double) = (.nan, .nan)
  }

  /// Test images that are scored by regret, which takes hundreds of passes.
  static let regretImages = 2000

  /// - Parameter report: told how many epochs are done, of all runs.
  /// - Throws: `TrainingError` or `BackendError`.
  func results(by scores: [AnomalyScore], report: (_ epochs: Double) -> Void) throws -> Results {
    let labels = (dataset.test.labels ?? []).map(Int.init)
    let classes = Set(labels).sorted()
    var results = Results(means: Dictionary(uniqueKeysWithValues: scores.map { ($0, 0.0) }))
    for (index, heldOut) in classes.enumerated() {
      let seen = (dataset.train.labels ?? []).enumerated().filter { Int($0.element) != heldOut }
      let trainer = try Trainer(
        model, training, on: backend, images: images.train, rows: seen.map(\.offset))
      for epoch in 0..<training.epochs {
        _ = try trainer.trainEpoch(report: { state in
          let fraction = Double(state.images) / Double(seen.count)
          report(Double(index * training.epochs + epoch) + fraction)
        })
      }
      let isAnomalous = labels.map { $0 == heldOut }
      for score in scores {
        let values = try trainer.model.scores(images.test, by: score, seed: training.seed)
        let detection = Detection(scores: values, isAnomalous: isAnomalous)
        results.means[score, default: 0] += (detection?.auroc ?? .nan) / Double(classes.count)
      }
      if heldOut == 1 { results.ones = try regret(of: trainer.model, isAnomalous) }
    }
    return results
  }

  /// The area under the ROC by −ELBO and by regret, of the first test images. Takes the arena over.
  private func regret(
    of trained: VariationalAutoencoder, _ isAnomalous: [Bool]
  ) throws -> (elbo: Double, regret: Double) {
    let parameters = try trained.parameters()
    let model = try VariationalAutoencoder(
      model, on: backend, workspace: Workspace(hasCodeGradient: true))
    try model.setParameters(parameters)
    let count = min(Self.regretImages, isAnomalous.count)
    let refined = try model.refine(
      images.test, rows: 0..<count, RefinementSettings(seed: training.seed))
    func area(_ scores: [Double]) -> Double {
      Detection(scores: scores, isAnomalous: Array(isAnomalous.prefix(count)))?.auroc ?? .nan
    }
    return (area(refined.amortized.map { -$0 }), area(refined.regrets))
  }
}
