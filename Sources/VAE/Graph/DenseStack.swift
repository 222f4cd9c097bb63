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

  init(_ layers: [Layer], rows: Int, training: Bool, in plan: inout ArenaPlan) {
    func place(_ layer: Layer) -> Tensor { plan.tensor(rows: rows, columns: layer.outputs) }
    let outputs = layers.map(place)
    self.outputs = outputs
    saved = zip(layers, outputs).map { $0.activation.derivativeNeedsArgument ? place($0) : $1 }
    gradients = training ? layers.map(place) : []
    let slices = training ? layers.map { $0.partialsCount(rows: rows) } : []
    partials = plan.tensor(rows: 1, columns: slices.max() ?? 0)
  }
}

/// A tensor that a training step writes, and by which operation: where a comparison looks.
package struct TracedTensor: Hashable, Sendable {
  /// `Operation.name`.
  package let operation: String
  /// What the tensor is to the model: `encoder.0 output`, `mean.weight gradient`.
  package let name: String
  package let tensor: Tensor

  init(_ operation: String, _ name: String, _ tensor: Tensor) {
    self.operation = operation
    self.name = name
    self.tensor = tensor
  }
}

/// Layers one behind the other, over a batch: the encoder or the decoder.
struct DenseStack: Sendable {
  private let layers: [(forward: LayerForward, activate: Activate?)]
  private let input: Tensor
  private let buffers: StackBuffers
  private let rows: Int

  /// The last layer's output.
  let output: Tensor
  /// The layers' outputs, in the order they are computed.
  let trace: [TracedTensor]

  init(
    _ descriptions: [Layer], parameters: ArraySlice<(weights: Tensor, bias: Tensor)>,
    input: Tensor, buffers: StackBuffers
  ) {
    self.input = input
    self.buffers = buffers
    rows = input.rows
    let batch = 0..<input.rows
    var current = input
    var layers: [(forward: LayerForward, activate: Activate?)] = []
    for (index, (layer, parameter)) in zip(descriptions, parameters).enumerated() {
      let output = buffers.outputs[index][rows: batch]
      let saved = buffers.saved[index][rows: batch]
      let apart = layer.activation.derivativeNeedsArgument
      layers.append(
        (
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
      [
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
      layer.forward.run(on: backend)
      if let activate = layer.activate { backend.run(activate) }
    }
  }
}

/// The backward pass through a `DenseStack`, last layer first.
struct DenseStackGradient: Sendable {
  /// Every layer's, with respect to its parameters.
  let parameterGradients: [ParameterGradient]
  private let inputGradients: [LayerBackward]

  /// The gradient with respect to the last layer's output, to be filled before `run`.
  let outputGradient: Tensor
  /// The gradients below each layer, in the order they are computed.
  let trace: [TracedTensor]

  /// - Parameters:
  ///   - gradients: where the parameters' gradients go.
  ///   - inputGradient: where the gradient with respect to the stack's input goes, if it is wanted.
  init(
    of descriptions: [Layer], parameters: ArraySlice<(weights: Tensor, bias: Tensor)>,
    gradients: ArraySlice<(weights: Tensor, bias: Tensor)>, input: Tensor, buffers: StackBuffers,
    inputGradient: Tensor?
  ) {
    let batch = 0..<input.rows
    let (parameters, gradients) = (Array(parameters), Array(gradients))
    let layers = descriptions.indices.reversed()
    parameterGradients = layers.map { index in
      ParameterGradient(
        descriptions[index].kind,
        input: index > 0 ? buffers.outputs[index - 1][rows: batch] : input,
        outputGradient: buffers.gradients[index][rows: batch], gradients: gradients[index],
        partials: buffers.partials)
    }
    let below = layers.compactMap { index in
      (index > 0 ? buffers.gradients[index - 1][rows: batch] : inputGradient).map { (index, $0) }
    }
    let inputGradients = below.map { index, gradient in
      LayerBackward(
        descriptions[index].kind, outputGradient: buffers.gradients[index][rows: batch],
        weights: parameters[index].weights,
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
