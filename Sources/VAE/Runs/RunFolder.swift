import Backend
import Files
import Foundation

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
