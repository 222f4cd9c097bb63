import Backend
import Files
import Foundation

/// A model on disk: parameters, and in the metadata all that is needed to use them.
public struct ModelFile: Sendable {
  /// Shape and meaning of the model.
  public let configuration: ModelConfiguration
  /// Its parameters, named and laid out as PyTorch's.
  public let parameters: [NamedArray]

  /// A model to be written.
  public init(configuration: ModelConfiguration, parameters: [NamedArray]) {
    self.configuration = configuration
    self.parameters = parameters
  }

  static let configurationKey = "model"

  /// Writes the file, with `notes` among its metadata. Equal models with equal notes give equal bytes.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String, notes: [String: String] = [:]) throws {
    let configuration = String(decoding: try JSON.encode(configuration), as: UTF8.self)
    try Safetensors(
      metadata: ["format": "pt", Self.configurationKey: configuration]
        .merging(notes) { own, _ in own }, tensors: parameters
    ).write(to: path)
  }

  /// Reads a `.safetensors` file that `write(to:)` or a checkpoint wrote, or the model of a run folder.
  ///
  /// - Throws: `FileError` where the file cannot be read or is damaged, `ModelFileError` where it is
  ///   not a model, or a parameter is not finite.
  public init(contentsOf path: String) throws {
    let path = FileSystem.isFolder(path) ? RunFolder(path).model : path
    let file = try Safetensors(contentsOf: path)
    let configuration = try file.decode(
      ModelConfiguration.self, from: Self.configurationKey, of: path)
    do {
      try configuration.validate()
    } catch {
      throw ModelFileError.configuration(path: path, reason: "\(error)")
    }
    // A checkpoint is a model too: the optimizer's arrays stand beside the parameters.
    let parameters = file.tensors.filter { !$0.name.hasPrefix(Checkpoint.optimizerPrefix) }
    try ModelFileError.check(parameters, against: configuration.parameterNames, path: path)
    try ModelFileError.checkFinite(parameters, path: path)
    self.configuration = configuration
    self.parameters = parameters
  }
}

extension VariationalAutoencoder {
  /// A model from a file, ready for inference on `backend`.
  ///
  /// - Parameters:
  ///   - capacity: the largest batch, in examples; by default what suits the model, `GraphPlan.capacity`.
  ///   - workspace: what it is to be used for beyond passes with one draw of each code, given the model's
  ///     configuration: `{ Workspace(codes: GraphPlan.codes(for: $0)) }`.
  /// - Throws: `FileError`, `ModelFileError` or `BackendError.outOfMemory`.
  public convenience init(
    contentsOf path: String, on backend: any Backend, capacity: Int? = nil,
    workspace: (ModelConfiguration) -> Workspace = { _ in Workspace() }
  ) throws {
    let file = try ModelFile(contentsOf: path)
    try self.init(
      file.configuration, on: backend, capacity: capacity,
      workspace: workspace(file.configuration))
    try setParameters(file.parameters)
  }

  /// Writes the model to `path`.
  ///
  /// - Throws: `FileError`, or a `BackendError` that an operation left.
  public func save(to path: String) throws {
    try ModelFile(configuration: configuration, parameters: try parameters()).write(to: path)
  }
}

extension Safetensors {
  /// A value kept as JSON in the metadata.
  func decode<Value: Decodable>(_ type: Value.Type, from key: String, of path: String) throws
    -> Value
  {
    guard let text = metadata[key] else { throw ModelFileError.foreign(path: path, missing: key) }
    do {
      return try JSON.decode(type, from: Data(text.utf8))
    } catch {
      throw ModelFileError.configuration(path: path, reason: JSON.explain(error))
    }
  }
}
