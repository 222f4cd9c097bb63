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
  /// The images as the encoder sees them: others than `images` where noise is between.
  let input: Tensor
  /// One-hot, M×classes, of a conditional model.
  let labels: Tensor?
  let code: Tensor
  let codeGradient: Tensor
  /// The KL divergence of each latent dimension, for free bits.
  let latentDivergences: Tensor
  /// What separate encoders' outputs make together, M×2L, and its gradient.
  let head: (value: Tensor, gradient: Tensor)?
  /// Rows: reconstruction and, but for a plain autoencoder, KL. One column an example.
  let losses: Tensor
  /// One row a training step, up to `lossSlots` of them: the sums of `losses`' rows.
  package let lossSums: Tensor
  /// What several draws of each code need; `nil` where there is one.
  let draws: DrawBuffers?
  /// What refining posteriors needs; `nil` where they stay as the encoder gives them.
  let posteriorAscent: PosteriorAscentBuffers?
  /// Of each of the encoder's stacks.
  private let encoderBuffers: [StackBuffers]
  let decoderBuffers: StackBuffers

  /// How many steps' losses stay on the device between two readings.
  static let lossSlots = 64

  /// Gradients and the optimizer's state, in regions like the parameters'.
  package struct TrainingArena: Sendable {
    package let gradients: ParameterLayout
    /// First and second moment, or velocity.
    package let state: [ParameterLayout]
    /// The sums of squares of the gradients' blocks.
    let blockSums: Tensor
    /// One row a training step, as `lossSums`: ‖g‖² before clipping.
    package let squaredNorms: Tensor
  }

  /// Plans a model for batches of at least `capacity` examples; with an optimizer, one to be trained.
  public init(
    _ configuration: ModelConfiguration, capacity: Int, workspace: Workspace = Workspace(),
    optimizer: Optimizer? = nil
  ) {
    let layers = configuration.encoderLayers + configuration.decoderLayers
    let scalars = configuration.scalars
    var plan = ArenaPlan()
    let capacity = (capacity + 3) / 4 * 4
    self.configuration = configuration
    self.capacity = capacity
    self.workspace = workspace
    let codes = max(workspace.codes ?? 0, capacity)
    let isDifferentiable = optimizer != nil || workspace.hasCodeGradient
    parameters = ParameterLayout(layers, scalars: scalars, in: &plan)
    if let optimizer {
      let gradients = ParameterLayout(layers, scalars: scalars, in: &plan)
      training = TrainingArena(
        gradients: gradients,
        state: optimizer.stateNames.map { _ in
          ParameterLayout(layers, scalars: scalars, in: &plan)
        },
        blockSums: plan.tensor(rows: 1, columns: SumSquares.blocks(of: gradients.region.count)),
        squaredNorms: plan.tensor(rows: Self.lossSlots, columns: 1))
    } else {
      training = nil
    }
    let (form, latent) = (configuration.encoderForm, configuration.latent)
    let trained = optimizer == nil ? 0 : capacity
    images = plan.tensor(rows: capacity, columns: configuration.pixels)
    input =
      configuration.corruption == nil
      ? images : plan.tensor(rows: capacity, columns: configuration.pixels)
    labels = configuration.classes.map { plan.tensor(rows: capacity, columns: $0) }
    head =
      form == .separate
      ? (
        plan.tensor(rows: capacity, columns: 2 * latent),
        plan.tensor(rows: trained, columns: 2 * latent)
      ) : nil
    let drawn =
      form == .deterministic
      ? nil
      : (
        code: plan.tensor(rows: codes, columns: latent),
        gradient: plan.tensor(rows: isDifferentiable ? codes : 0, columns: latent)
      )
    latentDivergences = plan.tensor(rows: optimizer == nil ? 0 : 1, columns: latent)
    let terms = form == .deterministic ? 1 : 2
    losses = plan.tensor(rows: terms, columns: capacity)
    lossSums = plan.tensor(rows: Self.lossSlots, columns: terms)
    let encoders = configuration.encoderStacks.map {
      StackBuffers($0, rows: capacity, training: optimizer != nil, in: &plan)
    }
    encoderBuffers = encoders
    decoderBuffers = StackBuffers(
      configuration.decoderLayers, rows: codes, training: isDifferentiable, in: &plan)
    draws = workspace.codes.map { _ in
      DrawBuffers(configuration, codes: codes, isDifferentiable: isDifferentiable, in: &plan)
    }
    posteriorAscent =
      workspace.hasCodeGradient
      ? PosteriorAscentBuffers(configuration, rows: capacity, in: &plan) : nil
    code = drawn?.code ?? encoders[0].output
    codeGradient = drawn?.gradient ?? encoders[0].outputGradient
    elements = plan.elements
  }

  /// The columns of the head that the mean and the spread have.
  var headColumns: [Range<Int>] {
    let latent = configuration.latent
    return [0..<latent, latent..<2 * latent]
  }

  /// The encoder's stacks, each with its share of an array that has an entry for each of the plan's layers.
  func encoders<Element>(_ all: [Element]) -> [(
    layers: [Layer], share: ArraySlice<Element>, buffers: StackBuffers
  )] {
    var rest = all[...]
    return zip(configuration.encoderStacks, encoderBuffers).map { layers, buffers in
      defer { rest = rest.dropFirst(layers.count) }
      return (layers, rest.prefix(layers.count), buffers)
    }
  }

  /// The decoder's share of an array that has an entry for each of the plan's layers.
  func decoder<Element>(_ all: [Element]) -> ArraySlice<Element> {
    all.suffix(configuration.decoderLayers.count)
  }
}
