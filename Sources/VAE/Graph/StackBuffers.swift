import Backend

/// The tensors a stack of layers leaves behind for its backward pass, one entry a layer, placed
/// once for the largest batch.
struct StackBuffers: Sendable {
  /// The layers' outputs, after their nonlinearity.
  let outputs: [Tensor]
  /// What the nonlinearity's derivative is computed from: the output itself, or the argument.
  let saved: [Tensor]
  /// Gradients with respect to the nonlinearity's argument; none where nothing is trained.
  let gradients: [Tensor]
  /// Memory for the slices of a convolution's gradient.
  let partials: Tensor
  /// What a layer reads where labels stand beside what is below it; `nil` for the other layers.
  let joined: [Tensor?]

  init(_ layers: [Layer], rows: Int, training: Bool, in plan: inout ArenaPlan) {
    func place(_ layer: Layer) -> Tensor { plan.tensor(rows: rows, columns: layer.outputs) }
    let outputs = layers.map(place)
    self.outputs = outputs
    saved = zip(layers, outputs).map { $0.activation.derivativeNeedsArgument ? place($0) : $1 }
    gradients = training ? layers.map(place) : []
    let slices = training ? layers.map { $0.partialsCount(rows: rows) } : []
    partials = plan.tensor(rows: 1, columns: slices.max() ?? 0)
    joined = layers.map { layer in
      layer.labels > 0 ? plan.tensor(rows: rows, columns: layer.inputs) : nil
    }
  }

  /// The last layer's output.
  var output: Tensor { outputs[outputs.count - 1] }
  /// Its gradient; without rows where nothing is trained.
  var outputGradient: Tensor { gradients.last ?? output[rows: 0..<0] }
}
