import Backend

/// What a model is to be used for beyond passes with one draw of each code.
public struct Workspace: Hashable, Sendable {
  /// The most codes decoded at once, where examples have several draws each; `nil` where they have one.
  public var codes: Int?
  /// Whether gradients with respect to codes are wanted of a model that is not trained.
  public var hasCodeGradient: Bool

  /// By default nothing.
  public init(codes: Int? = nil, hasCodeGradient: Bool = false) {
    self.codes = codes
    self.hasCodeGradient = hasCodeGradient
  }
}

extension Workspace: CustomStringConvertible {
  /// As code has it: `Workspace(codes: 2048, hasCodeGradient: true)`.
  public var description: String {
    let parts = [codes.map { "codes: \($0)" }, hasCodeGradient ? "hasCodeGradient: true" : nil]
    return "Workspace(\(parts.compactMap(\.self).joined(separator: ", ")))"
  }
}

/// Where the rows of several draws lie: those of an example one behind the other.
struct DrawBuffers: Sendable {
  /// The encoder's output, repeated.
  let head: Tensor
  /// Its gradient; without rows where none is wanted.
  let headGradient: Tensor
  /// The images, repeated.
  let images: Tensor
  /// A conditional model's labels, repeated.
  let labels: Tensor?
  /// Rows: reconstruction, ln q(z|x) − ln p(z). One column a draw.
  let losses: Tensor
  /// The normalized importance weights.
  let weights: Tensor

  init(
    _ configuration: ModelConfiguration, codes: Int, isDifferentiable: Bool,
    in plan: inout ArenaPlan
  ) {
    head = plan.tensor(rows: codes, columns: 2 * configuration.latent)
    headGradient = plan.tensor(
      rows: isDifferentiable ? codes : 0, columns: 2 * configuration.latent)
    images = plan.tensor(rows: codes, columns: configuration.pixels)
    labels = configuration.classes.map { plan.tensor(rows: codes, columns: $0) }
    losses = plan.tensor(rows: 2, columns: codes)
    weights = plan.tensor(rows: 1, columns: codes)
  }
}

/// A pass of `rows` examples with `count` draws each, between its encoder and its decoder.
struct Draws: Sendable {
  let count: Int
  /// M·K rows each: an example's, K times.
  let head: Tensor
  let images: Tensor
  let labels: Tensor?
  /// Rows: reconstruction, ln q(z|x) − ln p(z). One column a draw.
  let losses: Tensor
  let divergence: SampledDivergence
  private let repetitions: [RepeatRows]

  init(_ plan: GraphPlan, head: Tensor, images: Tensor, labels: Tensor?, count: Int) {
    guard let buffers = plan.draws, head.rows * count <= buffers.head.rows else {
      preconditionFailure("several draws need a plan with room for them")
    }
    self.count = count
    let codes = 0..<head.rows * count
    self.head = buffers.head[rows: codes]
    self.images = buffers.images[rows: codes]
    self.labels = buffers.labels?[rows: codes]
    losses = Tensor(offset: buffers.losses.offset, rows: 2, columns: codes.count)
    divergence = SampledDivergence(
      head: self.head, posterior: plan.configuration.posterior, divergence: losses[rows: 1..<2])
    var pairs = [(head, self.head), (images, self.images)]
    if let labels, let all = self.labels { pairs.append((labels, all)) }
    repetitions = pairs.map { RepeatRows(input: $0, output: $1) }
  }

  /// What the repetition writes.
  var trace: [TracedTensor] {
    zip(["draws' head", "draws' images", "draws' labels"], repetitions).map {
      TracedTensor(RepeatRows.name, $0, $1.output)
    }
  }

  /// Enqueues the repetition of what the encoder left.
  func `repeat`(on backend: any Backend) {
    for repetition in repetitions { backend.run(repetition) }
  }
}
