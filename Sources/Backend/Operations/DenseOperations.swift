/// A dense layer: Y = f(X·W + b).
public struct Dense: Operation {
  /// `dense`
  public static let name = "dense"
  /// X, M×K.
  public let input: Tensor
  /// W, K×N: inputs by outputs.
  public let weights: Tensor
  /// b, 1×N.
  public let bias: Tensor
  /// f.
  public let activation: Activation
  /// Y, M×N.
  public let output: Tensor

  /// Checks that the shapes fit.
  public init(
    input: Tensor, weights: Tensor, bias: Tensor, activation: Activation, output: Tensor
  ) {
    precondition(weights.count > 0, "dense: a layer has inputs and outputs")
    precondition(input.columns == weights.rows, "dense: input columns are the weights' rows")
    precondition(bias.count == weights.columns, "dense: one bias an output")
    precondition(
      output.rows == input.rows && output.columns == weights.columns, "dense: output is M×N")
    self.input = input
    self.weights = weights
    self.bias = bias
    self.activation = activation
    self.output = output
  }

  /// M×K · K×N
  public var shapes: String { "\(input) · \(weights)" }
}

/// Through a dense layer to its input, and on through the nonlinearity that made that input:
/// G = (Δ·Wᵀ) ⊙ f′(s).
public struct DenseInputGradient: Operation {
  /// `dense input gradient`
  public static let name = "dense input gradient"
  /// Δ, M×N: the gradient with respect to X·W + b.
  public let outputGradient: Tensor
  /// W, K×N.
  public let weights: Tensor
  /// f: the nonlinearity that made the layer's input.
  public let activation: Activation
  /// s, M×K: what f′ is computed from: f's value, or its argument where
  /// `Activation.derivativeNeedsArgument`. Not read for the identity.
  public let saved: Tensor
  /// G, M×K: the gradient with respect to f's argument.
  public let inputGradient: Tensor

  /// Checks that the shapes fit.
  public init(
    outputGradient: Tensor, weights: Tensor, activation: Activation, saved: Tensor,
    inputGradient: Tensor
  ) {
    precondition(weights.count > 0, "input gradient: a layer has inputs and outputs")
    precondition(
      outputGradient.columns == weights.columns, "input gradient: Δ has a column an output")
    precondition(
      inputGradient.rows == outputGradient.rows && inputGradient.columns == weights.rows,
      "input gradient: G is M×K")
    precondition(
      activation == .identity
        || (saved.rows == inputGradient.rows && saved.columns == inputGradient.columns),
      "input gradient: s is M×K")
    self.outputGradient = outputGradient
    self.weights = weights
    self.activation = activation
    self.saved = saved
    self.inputGradient = inputGradient
  }

  /// M×N · (K×N)ᵀ
  public var shapes: String { "\(outputGradient) · (\(weights))ᵀ" }
}

/// A dense layer's gradient with respect to its parameters, overwriting what was there:
/// dW = Xᵀ·Δ, db = Σ over the rows of Δ.
public struct DenseParameterGradient: Operation {
  /// `dense parameter gradient`
  public static let name = "dense parameter gradient"
  /// X, M×K.
  public let input: Tensor
  /// Δ, M×N.
  public let outputGradient: Tensor
  /// dW, K×N.
  public let weightGradient: Tensor
  /// db, 1×N.
  public let biasGradient: Tensor

  /// Checks that the shapes fit.
  public init(
    input: Tensor, outputGradient: Tensor, weightGradient: Tensor, biasGradient: Tensor
  ) {
    precondition(
      weightGradient.count > 0, "parameter gradient: a layer has inputs and outputs")
    precondition(input.rows == outputGradient.rows, "parameter gradient: X and Δ share rows")
    precondition(
      weightGradient.rows == input.columns && weightGradient.columns == outputGradient.columns,
      "parameter gradient: dW is K×N")
    precondition(
      biasGradient.count == outputGradient.columns, "parameter gradient: one db an output")
    self.input = input
    self.outputGradient = outputGradient
    self.weightGradient = weightGradient
    self.biasGradient = biasGradient
  }

  /// (M×K)ᵀ · M×N
  public var shapes: String { "(\(input))ᵀ · \(outputGradient)" }
}

/// Y = f(X), elementwise; Y may be X. With `sigmoid` it turns the decoder's output into pixels.
public struct Activate: Operation {
  /// `activate`
  public static let name = "activate"
  /// X.
  public let input: Tensor
  /// f.
  public let activation: Activation
  /// Y, of X's shape.
  public let output: Tensor

  /// Checks that the shapes fit.
  public init(input: Tensor, activation: Activation, output: Tensor) {
    precondition(input.count == output.count, "activate: input and output have one size")
    self.input = input
    self.activation = activation
    self.output = output
  }

  /// The activation and the shape.
  public var shapes: String { "\(activation) \(input)" }
}

extension Dense {
  /// 2·M·K·N; X, W and b read, Y written.
  public var cost: OperationCost {
    OperationCost(
      operations: 2 * output.count * input.columns,
      elements: input.count + weights.count + bias.count + output.count)
  }
}

extension DenseInputGradient {
  /// 2·M·K·N; Δ, W and, but for the identity, s read, G written.
  public var cost: OperationCost {
    OperationCost(
      operations: 2 * outputGradient.count * weights.rows,
      elements: outputGradient.count + weights.count + inputGradient.count
        + (activation == .identity ? 0 : saved.count))
  }
}

extension DenseParameterGradient {
  /// 2·M·K·N; X and Δ read, dW and db written.
  public var cost: OperationCost {
    productCost + OperationCost(operations: 0, elements: weightGradient.count + biasGradient.count)
  }

  /// The same without dW and db, which a fused update need not write.
  var productCost: OperationCost {
    OperationCost(
      operations: 2 * outputGradient.count * input.columns,
      elements: input.count + outputGradient.count)
  }
}

extension Activate {
  /// A function an element, whichever; X read, Y written.
  public var cost: OperationCost {
    OperationCost(operations: input.count, elements: input.count + output.count)
  }
}
