/// The epoch of a run whose test loss is the lowest so far, and how long that was ago.
///
/// It is found in the run's metrics, so that a resumed run has the same.
public struct BestModel: Hashable, Sendable {
  /// Counted from 1.
  public let epoch: Int
  /// The test loss after it.
  public let loss: Double
  /// Epochs since, none of which had a lower one.
  public let epochsSince: Int

  /// The best of the epochs in `metrics` whose loss is by the last one's bound, the first one of equals; `nil`
  /// before the first test.
  public init?(_ metrics: [MetricsLine]) {
    let tests = metrics.filter { $0.split == "test" }
    guard let last = tests.last,
      let best = tests.filter({ $0.importanceSamples == last.importanceSamples })
        .min(by: { $0.loss < $1.loss })
    else { return nil }
    epoch = best.epoch
    loss = best.loss
    epochsSince = last.epoch - epoch
  }

  /// Whether the last epoch is the best.
  public var isLatest: Bool { epochsSince == 0 }

  /// Whether a run that waits `patience` epochs for a better one has waited long enough.
  public func exhausts(_ patience: Int?) -> Bool { patience.map { epochsSince >= $0 } ?? false }

  /// What its file says of it beside the model.
  public var notes: [String: String] { ["epoch": "\(epoch)", "test_loss": "\(loss)"] }
}
