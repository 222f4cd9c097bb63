import Backend
import Files
import Foundation

/// A moment of a training run, complete: a trainer restored from it goes on bit for bit as the one it
/// was taken from.
public struct Checkpoint: Sendable {
  /// The model's shape and meaning.
  public let model: ModelConfiguration
  /// How it is trained.
  public let training: TrainingConfiguration
  /// Where training stands.
  public let state: TrainingState
  /// The parameters.
  public let parameters: [NamedArray]
  /// The optimizer's arrays, named `optimizer.first_moment.encoder.0.weight` and so on.
  public let optimizerState: [NamedArray]

  static let optimizerPrefix = "optimizer."
  private static let trainingKey = "training"
  private static let stateKey = "state"

  init(
    model: ModelConfiguration, training: TrainingConfiguration, state: TrainingState,
    parameters: [NamedArray], optimizerState: [NamedArray]
  ) {
    self.model = model
    self.training = training
    self.state = state
    self.parameters = parameters
    self.optimizerState = optimizerState
  }

  /// Writes the file.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws {
    func text(_ value: some Encodable) throws -> String {
      String(decoding: try JSON.encode(value), as: UTF8.self)
    }
    try Safetensors(
      metadata: [
        ModelFile.configurationKey: try text(model), Self.trainingKey: try text(training),
        Self.stateKey: try text(state),
      ], tensors: parameters + optimizerState
    ).write(to: path)
  }

  /// Reads a file that `write(to:)` wrote.
  ///
  /// - Throws: `FileError` or `ModelFileError`.
  public init(contentsOf path: String) throws {
    let file = try Safetensors(contentsOf: path)
    model = try file.decode(ModelConfiguration.self, from: ModelFile.configurationKey, of: path)
    training = try file.decode(TrainingConfiguration.self, from: Self.trainingKey, of: path)
    state = try file.decode(TrainingState.self, from: Self.stateKey, of: path)
    parameters = file.tensors.filter { !$0.name.hasPrefix(Self.optimizerPrefix) }
    optimizerState = file.tensors.filter { $0.name.hasPrefix(Self.optimizerPrefix) }
  }
}

extension Checkpoint {
  /// Checks that the checkpoint is one of `run`, so that nothing but how long it trains has changed, that its
  /// counters can be, and that all its arrays are there and finite.
  ///
  /// - Throws: `ModelFileError`.
  public func validate(for run: RunConfiguration, path: String) throws {
    func fail(_ reason: String) -> ModelFileError { .configuration(path: path, reason: reason) }
    var expected = training
    expected.epochs = run.training.epochs
    expected.patience = run.training.patience
    guard model == run.model, expected == run.training else {
      throw fail("it belongs to another configuration than config.json's")
    }
    let counters = [state.epoch, state.step, state.batch, state.images, state.examples]
    guard counters.allSatisfy({ (0...1 << 48).contains($0) }) else {
      throw fail("a counter is out of range")
    }
    let names = model.parameterNames
    try ModelFileError.check(parameters, against: names, path: path)
    let stateNames = training.optimizer.stateNames.flatMap { state in
      names.map { (name: "\(Self.optimizerPrefix)\(state).\($0.name)", shape: $0.shape) }
    }
    try ModelFileError.check(optimizerState, against: stateNames, path: path)
    try ModelFileError.checkFinite(parameters + optimizerState, path: path)
  }
}

extension Trainer {
  /// The present moment, to be taken between two steps.
  ///
  /// - Throws: `TrainingError.parametersNotFinite`, so that a broken model never replaces a sound one,
  ///   or a `BackendError` that an operation left.
  public func checkpoint() throws -> Checkpoint {
    let parameters = try model.parameters()
    if let broken = parameters.first(where: { !$0.values.allSatisfy(\.isFinite) }) {
      throw TrainingError.parametersNotFinite(name: broken.name, step: state.step)
    }
    let optimizerState = try optimizerLayouts.flatMap { prefix, layout in
      layout.arrays(from: try model.backend.download(layout.region)).map {
        NamedArray(name: prefix + $0.name, shape: $0.shape, values: $0.values)
      }
    }
    if let broken = optimizerState.first(where: { !$0.values.allSatisfy(\.isFinite) }) {
      throw TrainingError.parametersNotFinite(name: broken.name, step: state.step)
    }
    return Checkpoint(
      model: model.configuration, training: configuration, state: state, parameters: parameters,
      optimizerState: optimizerState)
  }

  /// Goes back to the moment of `checkpoint`.
  ///
  /// - Throws: `ModelFileError` where its arrays do not fit this trainer's model and optimizer.
  public func restore(_ checkpoint: Checkpoint) throws {
    try model.setParameters(checkpoint.parameters)
    for (prefix, layout) in optimizerLayouts {
      let arrays = checkpoint.optimizerState.filter { $0.name.hasPrefix(prefix) }
      try model.set(
        layout,
        to: arrays.map {
          NamedArray(
            name: String($0.name.dropFirst(prefix.count)), shape: $0.shape, values: $0.values)
        })
    }
    state = checkpoint.state
  }

  /// The optimizer's arrays and the prefix of their names in files.
  private var optimizerLayouts: [(prefix: String, layout: ParameterLayout)] {
    let names = configuration.optimizer.stateNames
    return zip(names, model.plan.training?.state ?? []).map { name, layout in
      ("\(Checkpoint.optimizerPrefix)\(name).", layout)
    }
  }
}
