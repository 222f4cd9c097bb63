import Backends
import Datasets
import Files
import Foundation
import OpenCLBackend
import VAE

extension TrainingSession {
  /// The arena and both splits, with a conditional model's labels and the order of the examples.
  static func memory(
    _ model: ModelConfiguration, _ training: TrainingConfiguration, _ dataset: ImageDataset
  ) -> MemoryDemand {
    let plan = GraphPlan(
      model, capacity: Trainer.capacity(for: model, training, images: dataset.train.count),
      workspace: training.workspace(batch: min(training.batchSize, dataset.train.count)),
      optimizer: training.optimizer)
    return MemoryDemand(
      arena: plan.elements,
      tables: [
        dataset.train.pixels.count, dataset.test.pixels.count,
        dataset.train.count * MemoryLayout<UInt32>.stride,
        (dataset.train.count + dataset.test.count) * (model.classes ?? 0),
      ])
  }

  /// What asks for the very device that a run was begun on, or else for its backend.
  static func request(for run: RunConfiguration) -> String {
    guard run.backend == "opencl" else { return run.backend }
    let device = OpenCLScan.current().devices.first { $0.summary == run.device }
    return device.map { "opencl:\($0.index)" } ?? run.backend
  }

  /// The data as any working directory can find it.
  static func absolute(_ data: String) -> String {
    data == "digits" || data.hasPrefix("digits:")
      ? data : URL(fileURLWithPath: data).standardizedFileURL.path
  }

  /// `path`, or `path-2` and so on, where there is no run yet.
  static func freeFolder(_ path: String) -> String {
    var number = 1
    var candidate = path
    while FileSystem.exists(candidate) {
      number += 1
      candidate = "\(path)-\(number)"
    }
    return candidate
  }
}
