import Backend
import VAE

/// Whole training steps of a model, as `Trainer` takes them: gathering, passes, update, and the losses'
/// way back to the host at every reporting interval.
public final class StepBenchmark {
  /// The operations of a step, in their order.
  package let operations: [RecordedOperation]
  private let trainer: Trainer

  /// - Parameters:
  ///   - images: a training set of at least one batch, resident on `backend`, for a conditional model with
  ///     labels; of a larger one the last, short batch is left out.
  /// - Throws: `ConfigurationError` or `BackendError`.
  public init(
    _ model: ModelConfiguration, _ training: TrainingConfiguration, on backend: any Backend,
    images: PixelTable
  ) throws {
    let batch = training.batchSize
    precondition(images.rows >= batch, "a benchmark needs a whole batch of images")
    let rows = Array(0..<images.rows / batch * batch)
    operations = try RecordedOperation.ofStep(
      model, training, on: backend, images: images, rows: rows)
    // Its tensors lie where the recorded operations expect them.
    trainer = try Trainer(model, training, on: backend, images: images, rows: rows)
  }

  /// What a step costs.
  public var cost: OperationCost { operations.reduce(.zero) { $0 + $1.operation.cost } }

  /// The least time for a step: its operations' one after the other.
  public func leastSeconds(under peaks: Peaks) -> Double {
    operations.reduce(0) { $0 + peaks.leastSeconds(for: $1.operation.cost) }
  }

  /// How long a step takes.
  ///
  /// - Throws: `TrainingError` or `BackendError`.
  public func measure(seconds budget: Double) throws -> Timing {
    try Timing.measure(seconds: budget) { repetitions in
      var left = repetitions
      while left > 0 {
        _ = try trainer.trainEpoch(shouldStop: {
          left -= 1
          return left == 0
        })
      }
    }
  }
}

/// An operation, and how to run it again on tensors that hold something.
package struct RecordedOperation {
  package let operation: any Operation
  package let run: (any Backend) -> Void

  /// The operations of a training step.
  fileprivate static func ofStep(
    _ model: ModelConfiguration, _ training: TrainingConfiguration, on backend: any Backend,
    images: PixelTable, rows: [Int]
  ) throws -> [RecordedOperation] {
    var operations: [RecordedOperation] = []
    let observed = ObservedBackend(backend) { operation, run in
      operations.append(RecordedOperation(operation: operation, run: run))
      run(backend)
    }
    let trainer = try Trainer(model, training, on: observed, images: images, rows: rows)
    _ = try trainer.trainEpoch(shouldStop: { true })
    return operations
  }
}
