import Backend

/// Where everything that a model computes with lies in the arena: planned once, before the first step.
///
/// A pass over fewer rows than `capacity` uses the first rows of the same tensors.
public struct GraphPlan: Sendable {
  /// The model.
  public let configuration: ModelConfiguration
  /// The largest batch, a multiple of four.
  public let capacity: Int
  /// Room for more than a pass with one draw of each code.
  public let workspace: Workspace
  /// Elements of the arena.
  public let elements: Int

  package let parameters: ParameterLayout
  /// Gradients and the optimizer's state; `nil` where nothing is trained.
  package let training: TrainingArena?

  let images: Tensor
  let code: Tensor
  let codeGradient: Tensor
  /// Rows: reconstruction, KL. One column an example.
  let losses: Tensor
  /// One row a training step, up to `lossSlots` of them: the sums of `losses`' rows.
  package let lossSums: Tensor
  /// What several draws of each code need; `nil` where there is one.
  let draws: DrawBuffers?
  /// What refining posteriors needs; `nil` where they stay as the encoder gives them.
  let posteriorAscent: PosteriorAscentBuffers?
  let encoderBuffers: StackBuffers
  let decoderBuffers: StackBuffers

  /// How many steps' losses stay on the device between two readings.
  static let lossSlots = 64

  /// Gradients and the optimizer's state, in regions like the parameters'.
  package struct TrainingArena: Sendable {
    package let gradients: ParameterLayout
    /// First and second moment, or velocity.
    package let state: [ParameterLayout]
  }

  /// Plans a model for batches of at least `capacity` examples; with an optimizer, one to be trained.
  public init(
    _ configuration: ModelConfiguration, capacity: Int, workspace: Workspace = Workspace(),
    optimizer: Optimizer? = nil
  ) {
    let layers = configuration.encoderLayers + configuration.decoderLayers
    var plan = ArenaPlan()
    let capacity = (capacity + 3) / 4 * 4
    self.configuration = configuration
    self.capacity = capacity
    self.workspace = workspace
    let codes = max(workspace.codes ?? 0, capacity)
    let isDifferentiable = optimizer != nil || workspace.hasCodeGradient
    parameters = ParameterLayout(layers, in: &plan)
    if let optimizer {
      let gradients = ParameterLayout(layers, in: &plan)
      training = TrainingArena(
        gradients: gradients,
        state: optimizer.stateNames.map { _ in ParameterLayout(layers, in: &plan) })
    } else {
      training = nil
    }
    images = plan.tensor(rows: capacity, columns: configuration.pixels)
    code = plan.tensor(rows: codes, columns: configuration.latent)
    codeGradient = plan.tensor(rows: isDifferentiable ? codes : 0, columns: configuration.latent)
    losses = plan.tensor(rows: 2, columns: capacity)
    lossSums = plan.tensor(rows: Self.lossSlots, columns: 2)
    encoderBuffers = StackBuffers(
      configuration.encoderLayers, rows: capacity, training: optimizer != nil, in: &plan)
    decoderBuffers = StackBuffers(
      configuration.decoderLayers, rows: codes, training: isDifferentiable, in: &plan)
    draws = workspace.codes.map { _ in
      DrawBuffers(
        configuration, codes: codes, isDifferentiable: isDifferentiable, in: &plan)
    }
    posteriorAscent =
      workspace.hasCodeGradient
      ? PosteriorAscentBuffers(configuration, rows: capacity, in: &plan) : nil
    elements = plan.elements
  }

  /// The encoder's and the decoder's share of an array with an entry a layer.
  func split<Element>(_ layers: [Element]) -> (ArraySlice<Element>, ArraySlice<Element>) {
    let encoders = configuration.encoderLayers.count
    return (layers[..<encoders], layers[encoders...])
  }
}
