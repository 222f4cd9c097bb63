import Backend
import Files
import Foundation

/// Everything needed to repeat a run: `config.json`.
public struct RunConfiguration: Codable, Hashable, Sendable {
  /// The model.
  public var model: ModelConfiguration
  /// How it is trained.
  public var training: TrainingConfiguration
  /// The data set, as `--data` names it.
  public var data: String
  /// The labels of the images that it is trained and tested on; `nil` for all.
  public var trainedLabels: [Int]?
  /// The names of the data's classes, in the order of their labels; `nil` where they have none.
  public var classNames: [String]?
  /// How its images are made to fit; `nil` where they are as they are.
  public var images: ImageFit?
  /// The backend that trained it.
  public var backend: String
  /// Its device and driver.
  public var device: String
  /// The program's version.
  public var version: String

  /// The configuration of a run.
  public init(
    model: ModelConfiguration, training: TrainingConfiguration, data: String,
    trainedLabels: [Int]? = nil, classNames: [String]? = nil, images: ImageFit? = nil,
    backend: String, device: String, version: String
  ) {
    self.model = model
    self.training = training
    self.data = data
    self.trainedLabels = trainedLabels
    self.classNames = classNames
    self.images = images
    self.backend = backend
    self.device = device
    self.version = version
  }

  /// Makes sure that every number makes sense.
  ///
  /// - Throws: `ConfigurationError`.
  func validate() throws(ConfigurationError) {
    try model.validate()
    try training.validate()
    let sides = ImageFit.Size.sides
    for side in images?.size.map({ [$0.width, $0.height] }) ?? [] where !sides.contains(side) {
      throw .outOfRange(
        "a side of images.size", value: "\(side)",
        allowed: "from \(sides.lowerBound) to \(sides.upperBound)")
    }
  }
}

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

  /// A line.
  public init(
    epoch: Int, step: Int, split: String, loss: Double, reconstruction: Double, kl: Double?,
    klPerDimension: [Double]? = nil, activeUnits: Int? = nil,
    seconds: Double, imagesPerSecond: Double, backend: String, device: String,
    beta: Double? = nil, unit: String? = nil, learningRate: Double? = nil,
    gradientNorm: Double? = nil, clippedSteps: Int? = nil
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
  }
}

/// The files of a run. All are written whole or not at all.
public struct RunFolder: Hashable, Sendable {
  /// The folder.
  public let path: String

  /// The run at `path`, which need not exist.
  public init(_ path: String) { self.path = path }

  /// Everything needed to repeat the run.
  public var configuration: String { "\(path)/config.json" }
  /// One line an epoch and split.
  public var metrics: String { "\(path)/metrics.jsonl" }
  /// The model after the last completed epoch, or where the run was interrupted.
  public var model: String { "\(path)/model.safetensors" }
  /// The model after the epoch with the lowest test loss; `BestModel` says which.
  public var best: String { "\(path)/best.safetensors" }
  /// Parameters, the optimizer's state and counters: what `--resume` continues from.
  public var checkpoint: String { "\(path)/checkpoint.safetensors" }
  /// Images decoded from the prior after an epoch.
  public func samples(epoch: Int) -> String { "\(path)/samples/\(Self.name(epoch))" }
  /// Test images above their reconstructions after an epoch.
  public func reconstructions(epoch: Int) -> String {
    "\(path)/reconstructions/\(Self.name(epoch))"
  }

  private static func name(_ epoch: Int) -> String {
    let digits = String(epoch)
    return "epoch-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits + ".png"
  }

  /// Makes the folder and writes the configuration.
  ///
  /// - Throws: `FileError`.
  public func create(_ configuration: RunConfiguration) throws {
    for folder in [path, "\(path)/samples", "\(path)/reconstructions"] {
      try FileSystem.createFolder(folder)
    }
    let text = try JSON.encode(configuration, pretty: true) + Data("\n".utf8)
    try FileSystem.write(text, to: self.configuration)
  }

  /// Removes the checkpoint, first of all, the best model and the pictures of a run that is to be replaced; whatever
  /// else is in its folders stays.
  ///
  /// - Throws: an error of the file system.
  public func clear() throws {
    let manager = FileManager.default
    for file in [checkpoint, best] where FileSystem.exists(file) {
      try manager.removeItem(atPath: file)
    }
    for folder in ["\(path)/samples", "\(path)/reconstructions"] {
      for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? []
      where name.hasPrefix("epoch-") && name.hasSuffix(".png") {
        try manager.removeItem(atPath: "\(folder)/\(name)")
      }
    }
  }

  /// Reads the configuration, whose every number makes sense.
  ///
  /// - Throws: `FileError`, or `ModelFileError.configuration`.
  public func readConfiguration() throws -> RunConfiguration {
    let data = try FileSystem.read(configuration)
    do {
      let run = try JSON.decode(RunConfiguration.self, from: data)
      try run.validate()
      return run
    } catch {
      throw ModelFileError.configuration(path: configuration, reason: JSON.explain(error))
    }
  }

  /// Reads the metrics; none where the file is not there yet.
  ///
  /// - Throws: `FileError`, or `ModelFileError.metrics`.
  public func readMetrics() throws -> [MetricsLine] {
    guard FileSystem.exists(metrics) else { return [] }
    let lines = try FileSystem.read(metrics).split(separator: UInt8(ascii: "\n"))
    do {
      return try lines.map { try JSON.decode(MetricsLine.self, from: Data($0)) }
    } catch {
      throw ModelFileError.metrics(path: metrics, reason: JSON.explain(error))
    }
  }

  /// Writes all metrics.
  ///
  /// - Throws: `FileError`.
  public func writeMetrics(_ lines: [MetricsLine]) throws {
    var data = Data()
    for line in lines { data += try JSON.encode(line) + Data("\n".utf8) }
    try FileSystem.write(data, to: metrics)
  }
}
