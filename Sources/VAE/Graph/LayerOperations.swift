import Backend

/// A layer's way forward.
enum LayerForward: Sendable {
  case dense(Dense)
  case convolution(Convolution)
  case transposedConvolution(TransposedConvolution)

  init(
    _ kind: Layer.Kind, input: Tensor, parameters: (weights: Tensor, bias: Tensor),
    activation: Activation, output: Tensor
  ) {
    let (weights, bias) = parameters
    let epilogue = ConvolutionEpilogue.activation(activation, bias: bias)
    switch kind {
    case .dense:
      self = .dense(
        Dense(
          input: input, weights: weights, bias: bias, activation: activation, output: output))
    case .convolution(let geometry):
      self = .convolution(
        Convolution(
          geometry: geometry, input: input, weights: weights, epilogue: epilogue, output: output))
    case .transposedConvolution(let geometry):
      self = .transposedConvolution(
        TransposedConvolution(
          geometry: geometry, input: input, weights: weights, epilogue: epilogue, output: output))
    }
  }

  var name: String {
    switch self {
    case .dense: Dense.name
    case .convolution: Convolution.name
    case .transposedConvolution: TransposedConvolution.name
    }
  }

  var output: Tensor {
    switch self {
    case .dense(let operation): operation.output
    case .convolution(let operation): operation.output
    case .transposedConvolution(let operation): operation.output
    }
  }

  func run(on backend: any Backend) {
    switch self {
    case .dense(let operation): backend.run(operation)
    case .convolution(let operation): backend.run(operation)
    case .transposedConvolution(let operation): backend.run(operation)
    }
  }
}

/// A layer's way back to its input, and through the nonlinearity that made the input.
enum LayerBackward: Sendable {
  case dense(DenseInputGradient)
  /// A transposed convolution goes back as a convolution,
  case convolution(Convolution)
  /// and the other way around.
  case transposedConvolution(TransposedConvolution)

  init(
    _ kind: Layer.Kind, outputGradient: Tensor, weights: Tensor, activation: Activation,
    saved: Tensor, inputGradient: Tensor
  ) {
    let epilogue = ConvolutionEpilogue.derivative(activation, saved: saved)
    switch kind {
    case .dense:
      self = .dense(
        DenseInputGradient(
          outputGradient: outputGradient, weights: weights, activation: activation, saved: saved,
          inputGradient: inputGradient))
    case .convolution(let geometry):
      self = .transposedConvolution(
        TransposedConvolution(
          geometry: geometry, input: outputGradient, weights: weights, epilogue: epilogue,
          output: inputGradient))
    case .transposedConvolution(let geometry):
      self = .convolution(
        Convolution(
          geometry: geometry, input: outputGradient, weights: weights, epilogue: epilogue,
          output: inputGradient))
    }
  }

  var name: String {
    switch self {
    case .dense: DenseInputGradient.name
    case .convolution: Convolution.name
    case .transposedConvolution: TransposedConvolution.name
    }
  }

  func run(on backend: any Backend) {
    switch self {
    case .dense(let operation): backend.run(operation)
    case .convolution(let operation): backend.run(operation)
    case .transposedConvolution(let operation): backend.run(operation)
    }
  }
}

/// A layer's gradient with respect to its parameters.
enum ParameterGradient: Sendable {
  case dense(DenseParameterGradient)
  case convolution(ConvolutionParameterGradient)

  /// - Parameter partials: memory for the slices of any convolution.
  init(
    _ kind: Layer.Kind, input: Tensor, outputGradient: Tensor,
    gradients: (weights: Tensor, bias: Tensor), partials: Tensor
  ) {
    func convolution(
      _ geometry: ConvolutionGeometry, fine: Tensor, coarse: Tensor,
      _ output: ConvolutionParameterGradient.Output
    ) -> Self {
      .convolution(
        ConvolutionParameterGradient(
          geometry: geometry, fine: fine, coarse: coarse, output: output,
          weightGradient: gradients.weights, biasGradient: gradients.bias,
          partials: Tensor(
            offset: partials.offset, rows: geometry.slices(rows: input.rows),
            columns: gradients.weights.count + gradients.bias.count)))
    }
    switch kind {
    case .dense:
      self = .dense(
        DenseParameterGradient(
          input: input, outputGradient: outputGradient, weightGradient: gradients.weights,
          biasGradient: gradients.bias))
    case .convolution(let geometry):
      self = convolution(geometry, fine: input, coarse: outputGradient, .coarse)
    case .transposedConvolution(let geometry):
      self = convolution(geometry, fine: outputGradient, coarse: input, .fine)
    }
  }

  func run(on backend: any Backend) {
    switch self {
    case .dense(let operation): backend.run(operation)
    case .convolution(let operation): backend.run(operation)
    }
  }

  /// The operation, where the layer is dense.
  var dense: DenseParameterGradient? {
    if case .dense(let gradient) = self { gradient } else { nil }
  }

  var weights: Tensor {
    switch self {
    case .dense(let operation): operation.weightGradient
    case .convolution(let operation): operation.weightGradient
    }
  }

  var bias: Tensor {
    switch self {
    case .dense(let operation): operation.biasGradient
    case .convolution(let operation): operation.biasGradient
    }
  }

  /// Both, with the padding between them.
  var region: Tensor {
    Tensor(offset: weights.offset, rows: 1, columns: bias.range.upperBound - weights.offset)
  }

  /// What it writes, for a layer called `name`.
  func trace(_ name: String) -> [TracedTensor] {
    let operation =
      dense == nil ? ConvolutionParameterGradient.name : DenseParameterGradient.name
    return [
      TracedTensor(operation, "\(name).weight gradient", weights),
      TracedTensor(operation, "\(name).bias gradient", bias),
    ]
  }
}

extension Layer {
  /// Elements of the memory for the slices of its gradient.
  func partialsCount(rows: Int) -> Int {
    switch kind {
    case .dense: 0
    case .convolution(let geometry), .transposedConvolution(let geometry):
      geometry.slices(rows: rows) * parameterCount
    }
  }
}
