import Backend

/// Where everything that a model computes with lies in the arena: planned once, before the first step.
///
/// A pass over fewer rows than `capacity` uses the first rows of the same tensors.
public struct GraphPlan: Sendable {
  /// The model.
  public let configuration: ModelConfiguration
  /// The largest batch, a multiple of four.
  public let capacity: Int
  /// Elements of the arena.
  public let elements: Int

  package let parameters: ParameterLayout
  /// Gradients and the optimizer's state; `nil` where nothing is trained.
  package let training: TrainingArena?

  let images: Tensor
  /// The images as the encoder sees them: others than `images` where noise is between.
  let input: Tensor
  let code: Tensor
  let codeGradient: Tensor
  /// Rows: reconstruction, KL. One column an example.
  let losses: Tensor
  /// One row a training step, up to `lossSlots` of them: the sums of `losses`' rows.
  package let lossSums: Tensor
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
    _ configuration: ModelConfiguration, capacity: Int, optimizer: Optimizer? = nil
  ) {
    let layers = configuration.encoderLayers + configuration.decoderLayers
    var plan = ArenaPlan()
    let capacity = (capacity + 3) / 4 * 4
    self.configuration = configuration
    self.capacity = capacity
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
    input =
      configuration.corruption == nil
      ? images : plan.tensor(rows: capacity, columns: configuration.pixels)
    code = plan.tensor(rows: capacity, columns: configuration.latent)
    codeGradient = plan.tensor(rows: optimizer == nil ? 0 : capacity, columns: configuration.latent)
    losses = plan.tensor(rows: 2, columns: capacity)
    lossSums = plan.tensor(rows: Self.lossSlots, columns: 2)
    encoderBuffers = StackBuffers(
      configuration.encoderLayers, rows: capacity, training: optimizer != nil, in: &plan)
    decoderBuffers = StackBuffers(
      configuration.decoderLayers, rows: capacity, training: optimizer != nil, in: &plan)
    elements = plan.elements
  }

  /// The encoder's and the decoder's share of an array with an entry a layer.
  func split<Element>(_ layers: [Element]) -> (ArraySlice<Element>, ArraySlice<Element>) {
    let encoders = configuration.encoderLayers.count
    return (layers[..<encoders], layers[encoders...])
  }
}
