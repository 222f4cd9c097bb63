import Backend

/// From a batch of images to the posterior's head: one stack of layers, or one for the mean and one for the
/// spread, whose outputs are put side by side.
struct Encoder: Sendable {
  private let stacks: [LayerStack]
  private let joins: [CopyColumns]

  /// The head, M×2L; a plain autoencoder's code, M×L.
  let output: Tensor
  /// What is written, in the order it is.
  let trace: [TracedTensor]

  init(_ plan: GraphPlan, images: Tensor, labels: Tensor?) {
    let stacks = plan.encoders(plan.parameters.tensors).map { stack in
      LayerStack(
        stack.layers, parameters: stack.share, input: images, labels: labels,
        buffers: stack.buffers)
    }
    self.stacks = stacks
    if let head = plan.head?.value[rows: 0..<images.rows] {
      joins = plan.headColumns.enumerated().map { index, columns in
        CopyColumns(stacks[index].output, to: head, at: columns.lowerBound)
      }
      output = head
    } else {
      joins = []
      output = stacks[0].output
    }
    trace =
      stacks.flatMap(\.trace)
      + joins.suffix(1).map { TracedTensor(CopyColumns.name, "head", $0.output) }
  }

  /// Enqueues the forward pass.
  func run(on backend: any Backend) {
    for stack in stacks { stack.run(on: backend) }
    for join in joins { backend.run(join) }
  }
}

/// The backward pass through an `Encoder`.
struct EncoderGradient: Sendable {
  private let stacks: [LayerStackGradient]
  private let splits: [CopyColumns]

  /// The gradient with respect to the encoder's output, to be filled before `run`.
  let outputGradient: Tensor
  /// Every layer's, last layer first.
  let parameterGradients: [ParameterGradient]
  /// The gradients below the head, in the order they are computed.
  let trace: [TracedTensor]

  /// - Parameter gradients: where the parameters' gradients go, an entry for each of the plan's layers.
  init(_ plan: GraphPlan, gradients: [(weights: Tensor, bias: Tensor)], images: Tensor) {
    let stacks = zip(plan.encoders(plan.parameters.tensors), plan.encoders(gradients)).map {
      LayerStackGradient(
        of: $0.layers, parameters: $0.share, gradients: $1.share, input: images,
        buffers: $0.buffers, inputGradient: nil)
    }
    self.stacks = stacks
    if let head = plan.head?.gradient[rows: 0..<images.rows] {
      splits = plan.headColumns.enumerated().map { index, columns in
        CopyColumns(head, columns: columns, to: stacks[index].outputGradient)
      }
      outputGradient = head
    } else {
      splits = []
      outputGradient = stacks[0].outputGradient
    }
    parameterGradients = stacks.reversed().flatMap(\.parameterGradients)
    let names = ["mean", "spread"]
    trace =
      zip(names, splits).map { TracedTensor(CopyColumns.name, "\($0) gradient", $1.output) }
      + stacks.reversed().flatMap(\.trace)
  }

  /// Enqueues the way back to the first layer.
  func run(on backend: any Backend) {
    for split in splits { backend.run(split) }
    for stack in stacks.reversed() { stack.run(on: backend) }
  }
}
