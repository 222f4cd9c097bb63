import Backend
import Datasets
import Terminal
import VAE

/// A run for each class of a data set, trained on all others and tested by how well its scores find the class.
struct HeldOutRuns {
  let model: ModelConfiguration
  let training: TrainingConfiguration
  let dataset: ImageDataset
  let test: PixelTable
  let backend: any Backend

  /// The mean over the classes of the area under the ROC, by score.
  ///
  /// - Parameter report: told how many epochs are done, of all runs.
  /// - Throws: `DatasetError`, `TrainingError` or `BackendError`.
  func means(of scores: [AnomalyScore], report: (_ epochs: Double) -> Void) throws
    -> [AnomalyScore: Double]
  {
    let labels = (dataset.test.labels ?? []).map(Int.init)
    let classes = Set(labels).sorted()
    var sums = Dictionary(uniqueKeysWithValues: scores.map { ($0, 0.0) })
    for (index, heldOut) in classes.enumerated() {
      let seen = try dataset.selecting(labels: classes.filter { $0 != heldOut })
      let images = try backend.makePixelTable(seen.train.pixels, columns: seen.imageSize)
      let trainer = try Trainer(model, training, on: backend, images: images)
      for epoch in 0..<training.epochs {
        _ = try trainer.trainEpoch(report: { state in
          let fraction = Double(state.images) / Double(images.rows)
          report(Double(index * training.epochs + epoch) + fraction)
        })
      }
      for score in scores {
        let values = try trainer.model.scores(test, by: score, seed: training.seed)
        let detection = Detection(scores: values, isAnomalous: labels.map { $0 == heldOut })
        sums[score, default: 0] += detection?.auroc ?? .nan
      }
    }
    return sums.mapValues { $0 / Double(classes.count) }
  }
}
