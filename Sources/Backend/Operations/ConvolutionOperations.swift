/// What follows a convolution's sums.
public enum ConvolutionEpilogue: Hashable, Sendable {
  /// On the way forward: f(sum + b), `bias` one value a channel of the output.
  case activation(Activation, bias: Tensor)
  /// On the way back: sum ⊙ f′(s), f being the nonlinearity that made the output's counterpart and
  /// `saved`, of the output's shape, what f′ is computed from; not read for the identity.
  case derivative(Activation, saved: Tensor)

  /// f.
  public var activation: Activation {
    switch self {
    case .activation(let activation, _), .derivative(let activation, _): activation
    }
  }

  fileprivate func fits(_ output: Tensor, channels: Int) -> Bool {
    switch self {
    case .activation(_, let bias): bias.count == channels
    case .derivative(let activation, let saved):
      activation == .identity || saved.rows == output.rows && saved.columns == output.columns
    }
  }

  /// What it reads, in elements.
  var elements: Int {
    switch self {
    case .activation(_, let bias): bias.count
    case .derivative(let activation, let saved): activation == .identity ? 0 : saved.count
    }
  }

  fileprivate var text: String {
    switch self {
    case .activation: ""
    case .derivative: ", backward"
    }
  }
}

/// From a fine image to a coarse one: a convolutional layer forward, or back through a transposed one.
///
/// Y[y, x, n] = Σ over i, j, c of X[y·stride − padding + i, x·stride − padding + j, c] · W[i, j, c, n],
/// X being zero outside, then the epilogue. As in all of deep learning the kernel is not turned around.
public struct Convolution: Operation {
  /// `convolution`
  public static let name = "convolution"
  /// The images' shapes.
  public let geometry: ConvolutionGeometry
  /// X, a fine image a row.
  public let input: Tensor
  /// W, K×N.
  public let weights: Tensor
  /// What follows.
  public let epilogue: ConvolutionEpilogue
  /// Y, a coarse image a row.
  public let output: Tensor

  /// Checks that the shapes fit.
  public init(
    geometry: ConvolutionGeometry, input: Tensor, weights: Tensor, epilogue: ConvolutionEpilogue,
    output: Tensor
  ) {
    precondition(input.columns == geometry.fine.count, "convolution: X has a fine image a row")
    precondition(
      output.rows == input.rows && output.columns == geometry.coarse.count,
      "convolution: Y has a coarse image a row")
    geometry.check(weights)
    precondition(
      epilogue.fits(output, channels: geometry.coarse.channels),
      "convolution: one bias a channel, or s of Y's shape")
    self.geometry = geometry
    self.input = input
    self.weights = weights
    self.epilogue = epilogue
    self.output = output
  }

  /// Examples and geometry.
  public var shapes: String { "\(input.rows) × \(geometry)\(epilogue.text)" }
}

/// From a coarse image to a fine one: a transposed convolutional layer forward, or back through a
/// convolutional one. The transposition of `Convolution` as a linear map:
///
/// X[v, u, c] = Σ Y[y, x, n] · W[i, j, c, n] over all y, x, i, j, n with v = y·stride − padding + i and
/// u = x·stride − padding + j, then the epilogue. Fine pixels that no kernel reaches are sums of nothing.
public struct TransposedConvolution: Operation {
  /// `transposed convolution`
  public static let name = "transposed convolution"
  /// The images' shapes.
  public let geometry: ConvolutionGeometry
  /// Y, a coarse image a row.
  public let input: Tensor
  /// W, K×N.
  public let weights: Tensor
  /// What follows.
  public let epilogue: ConvolutionEpilogue
  /// X, a fine image a row.
  public let output: Tensor

  /// Checks that the shapes fit.
  public init(
    geometry: ConvolutionGeometry, input: Tensor, weights: Tensor, epilogue: ConvolutionEpilogue,
    output: Tensor
  ) {
    precondition(
      input.columns == geometry.coarse.count, "transposed convolution: Y has a coarse image a row")
    precondition(
      output.rows == input.rows && output.columns == geometry.fine.count,
      "transposed convolution: X has a fine image a row")
    geometry.check(weights)
    precondition(
      epilogue.fits(output, channels: geometry.fine.channels),
      "transposed convolution: one bias a channel, or s of X's shape")
    self.geometry = geometry
    self.input = input
    self.weights = weights
    self.epilogue = epilogue
    self.output = output
  }

  /// Examples and geometry.
  public var shapes: String { "\(input.rows) × \(geometry)\(epilogue.text)" }
}

/// The gradient of either layer with respect to its parameters, overwriting what was there:
/// dW[i, j, c, n] = Σ over examples, y and x of X[y·stride − padding + i, x·stride − padding + j, c] ·
/// Y[y, x, n], with the layer's input in one place and the gradient behind it in the other; db = the sums
/// of the gradient's channels.
///
/// The examples are summed in `slices` slices apart, which are then added in their order, so that the
/// result depends on no number of threads and a small gradient of many pixels keeps a device busy.
public struct ConvolutionParameterGradient: Operation {
  /// `convolution parameter gradient`
  public static let name = "convolution parameter gradient"

  /// Which of the images the bias was added to.
  public enum Output: Hashable, Sendable {
    /// The fine one: the layer is a transposed convolution.
    case fine
    /// The coarse one: the layer is a convolution.
    case coarse
  }

  /// The images' shapes.
  public let geometry: ConvolutionGeometry
  /// X, a fine image a row.
  public let fine: Tensor
  /// Y, a coarse image a row.
  public let coarse: Tensor
  /// Which of them is the gradient.
  public let output: Output
  /// dW, K×N.
  public let weightGradient: Tensor
  /// db.
  public let biasGradient: Tensor
  /// Memory for the slices, `slices` × (dW's count + db's). What it holds afterwards is unspecified.
  public let partials: Tensor

  /// Checks that the shapes fit.
  public init(
    geometry: ConvolutionGeometry, fine: Tensor, coarse: Tensor, output: Output,
    weightGradient: Tensor, biasGradient: Tensor, partials: Tensor
  ) {
    precondition(
      fine.columns == geometry.fine.count && coarse.columns == geometry.coarse.count
        && fine.rows == coarse.rows, "convolution gradient: an image a row")
    geometry.check(weightGradient)
    let channels = output == .fine ? geometry.fine.channels : geometry.coarse.channels
    precondition(biasGradient.count == channels, "convolution gradient: one db a channel")
    precondition(
      partials.rows == geometry.slices(rows: fine.rows)
        && partials.columns == weightGradient.count + channels,
      "convolution gradient: partial sums of dW and db, a row a slice")
    self.geometry = geometry
    self.fine = fine
    self.coarse = coarse
    self.output = output
    self.weightGradient = weightGradient
    self.biasGradient = biasGradient
    self.partials = partials
  }

  /// Slices of the examples.
  public var slices: Int { partials.rows }

  /// Examples and geometry.
  public var shapes: String { "\(fine.rows) × \(geometry)" }
}

extension ConvolutionGeometry {
  /// How many slices of `rows` examples are summed apart: 16, or fewer where the parameters are so many
  /// that one slice of few examples is work enough.
  public func slices(rows: Int) -> Int {
    let parameters = patch * coarse.channels
    return max(1, min(rows, 16, max(4, (1 << 22) / parameters)))
  }

  fileprivate func check(_ weights: Tensor) {
    precondition(
      weights.rows == patch && weights.columns == coarse.channels, "convolution: W is K×N")
  }
}

extension Convolution {
  /// 2·M·P·K·N for P coarse pixels; X, W and what the epilogue reads, Y written.
  public var cost: OperationCost {
    OperationCost(
      operations: 2 * input.rows * geometry.multiplications,
      elements: input.count + weights.count + epilogue.elements + output.count)
  }
}

extension TransposedConvolution {
  /// 2·M·P·K·N for P coarse pixels; Y, W and what the epilogue reads, X written.
  public var cost: OperationCost {
    OperationCost(
      operations: 2 * input.rows * geometry.multiplications,
      elements: input.count + weights.count + epilogue.elements + output.count)
  }
}

extension ConvolutionParameterGradient {
  /// 2·M·P·K·N for P coarse pixels; X and Y read, dW and db written.
  public var cost: OperationCost {
    OperationCost(
      operations: 2 * fine.rows * geometry.multiplications,
      elements: fine.count + coarse.count + weightGradient.count + biasGradient.count)
  }
}
