import Backend

/// Layers one behind the other, over a batch: the encoder or the decoder.
struct LayerStack: Sendable {
  private let layers: [(joins: [CopyColumns], forward: LayerForward, activate: Activate?)]
  private let input: Tensor
  private let buffers: StackBuffers
  private let rows: Int

  /// The last layer's output.
  let output: Tensor
  /// The layers' outputs, in the order they are computed.
  let trace: [TracedTensor]

  /// - Parameter labels: one-hot, where a layer takes them.
  init(
    _ descriptions: [Layer], parameters: ArraySlice<(weights: Tensor, bias: Tensor)>,
    input: Tensor, labels: Tensor?, buffers: StackBuffers
  ) {
    self.input = input
    self.buffers = buffers
    rows = input.rows
    let batch = 0..<input.rows
    var current = input
    var layers: [(joins: [CopyColumns], forward: LayerForward, activate: Activate?)] = []
    for (index, (layer, parameter)) in zip(descriptions, parameters).enumerated() {
      let output = buffers.outputs[index][rows: batch]
      let saved = buffers.saved[index][rows: batch]
      let apart = layer.activation.derivativeNeedsArgument
      var joins: [CopyColumns] = []
      if let labels, let joined = buffers.joined[index]?[rows: batch] {
        joins = [
          CopyColumns(current, to: joined), CopyColumns(labels, to: joined, at: current.columns),
        ]
        current = joined
      }
      layers.append(
        (
          joins,
          LayerForward(
            layer.kind, input: current, parameters: parameter,
            activation: apart ? .identity : layer.activation, output: apart ? saved : output),
          apart ? Activate(input: saved, activation: layer.activation, output: output) : nil
        ))
      current = output
    }
    self.layers = layers
    output = current
    trace = zip(descriptions, layers).flatMap { description, layer in
      layer.joins.suffix(1).map {
        TracedTensor(CopyColumns.name, "\(description.name) input", $0.output)
      }
        + [
          TracedTensor(
            layer.forward.name, "\(description.name) output", layer.forward.output)
        ]
        + (layer.activate.map {
          [TracedTensor(Activate.name, "\(description.name) activation", $0.output)]
        } ?? [])
    }
  }

  /// Enqueues the forward pass.
  func run(on backend: any Backend) {
    for layer in layers {
      for join in layer.joins { backend.run(join) }
      layer.forward.run(on: backend)
      if let activate = layer.activate { backend.run(activate) }
    }
  }
}

/// The backward pass through a `LayerStack`, last layer first.
struct LayerStackGradient: Sendable {
  /// Every layer's, with respect to its parameters.
  let parameterGradients: [ParameterGradient]
  private let inputGradients: [LayerBackward]

  /// The gradient with respect to the last layer's output, to be filled before `run`.
  let outputGradient: Tensor
  /// The gradients below each layer, in the order they are computed.
  let trace: [TracedTensor]

  /// - Parameters:
  ///   - gradients: where the parameters' gradients go, if they are wanted.
  ///   - inputGradient: where the gradient with respect to the stack's input goes, if it is wanted.
  init(
    of descriptions: [Layer], parameters: ArraySlice<(weights: Tensor, bias: Tensor)>,
    gradients: ArraySlice<(weights: Tensor, bias: Tensor)>? = nil, input: Tensor,
    buffers: StackBuffers, inputGradient: Tensor?
  ) {
    let batch = 0..<input.rows
    let (parameters, gradients) = (Array(parameters), gradients.map(Array.init))
    let layers = descriptions.indices.reversed()
    parameterGradients = layers.compactMap { index in
      guard let gradients else { return nil }
      return ParameterGradient(
        descriptions[index].kind,
        input: buffers.joined[index]?[rows: batch]
          ?? (index > 0 ? buffers.outputs[index - 1][rows: batch] : input),
        outputGradient: buffers.gradients[index][rows: batch], gradients: gradients[index],
        partials: buffers.partials)
    }
    let below = layers.compactMap { index in
      (index > 0 ? buffers.gradients[index - 1][rows: batch] : inputGradient).map { (index, $0) }
    }
    let inputGradients = below.map { index, gradient in
      let weights = parameters[index].weights
      return LayerBackward(
        descriptions[index].kind, outputGradient: buffers.gradients[index][rows: batch],
        // A label has no gradient: its weights, the last ones, are left out.
        weights: descriptions[index].labels > 0
          ? weights[rows: 0..<gradient.columns] : weights,
        activation: index > 0 ? descriptions[index - 1].activation : .identity,
        saved: index > 0 ? buffers.saved[index - 1][rows: batch] : input, inputGradient: gradient)
    }
    self.inputGradients = inputGradients
    outputGradient = buffers.gradients[descriptions.count - 1][rows: batch]
    trace = zip(below, inputGradients).map { below, operation in
      TracedTensor(
        operation.name, "gradient below \(descriptions[below.0].name)", below.1)
    }
  }

  /// Enqueues the way back to the input; the parameters' gradients may follow whenever it suits.
  func run(on backend: any Backend) {
    for gradient in inputGradients { gradient.run(on: backend) }
  }
}
