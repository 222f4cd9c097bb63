import Backend

/// A variational autoencoder (Kingma and Welling 2013; Rezende et al. 2014) on a backend: parameters,
/// and the passes that use them.
///
/// Everything is planned and allocated when it is made. Not `Sendable`: like its backend, it belongs
/// to one task.
public final class VariationalAutoencoder {
  /// Shape and meaning of the model.
  public let configuration: ModelConfiguration
  /// Where it computes.
  public let backend: any Backend
  package let plan: GraphPlan
  private var passes: [PassSize: Pass] = [:]

  /// A model with all parameters zero on `backend`, whose arena it takes over.
  ///
  /// - Parameters:
  ///   - capacity: the largest batch, in examples; by default what suits the model, `GraphPlan.capacity`.
  ///   - workspace: what it is to be used for beyond passes with one draw of each code.
  ///   - optimizer: given where the model is to be trained; see `Trainer`.
  /// - Throws: `ConfigurationError` or `BackendError.outOfMemory`.
  public init(
    _ configuration: ModelConfiguration, on backend: any Backend, capacity: Int? = nil,
    workspace: Workspace = Workspace(), optimizer: Optimizer? = nil
  ) throws {
    try configuration.validate()
    self.configuration = configuration
    self.backend = backend
    plan = GraphPlan(
      configuration,
      capacity: capacity ?? GraphPlan.capacity(for: configuration, optimizer: optimizer),
      workspace: workspace, optimizer: optimizer)
    try backend.allocate(elements: plan.elements)
  }

  /// The largest batch.
  public var capacity: Int { plan.capacity }

  /// Draws initial parameters.
  public func initialize(_ initialization: Initialization, seed: UInt64) {
    let layers = plan.parameters.layers
    // ln σ² begins at 0, as Rybkin et al. have it.
    let arrays =
      initialization.arrays(for: layers, seed: seed)
      + plan.parameters.scalars.map { NamedArray(name: $0.name, shape: [1], values: [0]) }
    backend.upload(plan.parameters.region(from: arrays), to: plan.parameters.region)
  }

  /// The parameters, named and laid out as PyTorch's: `encoder.0.weight` is `[out, in]`.
  ///
  /// - Throws: a `BackendError` that an earlier operation left.
  public func parameters() throws -> [NamedArray] {
    plan.parameters.arrays(from: try backend.download(plan.parameters.region))
  }

  /// Sets the parameters.
  ///
  /// - Throws: `ModelFileError` where a name is missing, unknown or of another shape.
  public func setParameters(_ arrays: [NamedArray]) throws {
    try set(plan.parameters, to: arrays)
  }

  /// Sets the arrays of `layout`, parameters or an optimizer's state, after checking them.
  func set(_ layout: ParameterLayout, to arrays: [NamedArray]) throws {
    try ModelFileError.check(arrays, against: layout.names)
    backend.upload(layout.region(from: arrays), to: layout.region)
  }

  /// The pass over `rows` examples, with `draws` of each one's code where that is given, planned at its
  /// first use.
  package func pass(rows: Int, draws: Int? = nil) -> Pass {
    let size = PassSize(rows: rows, draws: draws)
    if let pass = passes[size] { return pass }
    let pass = Pass(plan, rows: rows, draws: draws)
    passes[size] = pass
    return pass
  }

  private struct PassSize: Hashable {
    let rows: Int
    let draws: Int?
  }

  /// Splits `count` examples into batches of at most `capacity`, which is a multiple of four, so that a
  /// batch's noise begins at a whole block.
  package func batches(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: capacity).map { $0..<min($0 + capacity, count) }
  }
}
