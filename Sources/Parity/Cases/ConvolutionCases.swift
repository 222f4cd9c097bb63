import Backend

/// A convolution's geometry and the number of examples.
struct ConvolutionShape: Hashable {
  let rows: Int
  let geometry: ConvolutionGeometry

  /// - Parameters:
  ///   - image: height and width.
  ///   - channels: of the fine and the coarse image; the fine one has a plane for each if `planar`.
  ///   - kernel: its width, stride and padding.
  init(
    _ rows: Int, image: (Int, Int), channels: (Int, Int), planar: Bool = false,
    kernel: (Int, Int, Int)
  ) {
    let fine =
      planar
      ? ImageShape(height: image.0, width: image.1, planes: channels.0)
      : ImageShape(height: image.0, width: image.1, channels: channels.0)
    guard
      let geometry = ConvolutionGeometry(
        fine: fine, channels: channels.1, kernel: kernel.0, stride: kernel.1, padding: kernel.2)
    else { preconditionFailure("a case's kernel fits its image") }
    self.init(rows, geometry)
  }

  init(_ rows: Int, _ geometry: ConvolutionGeometry) {
    self.rows = rows
    self.geometry = geometry
  }
}

extension OperationCase {
  /// - Parameter backward: whether the derivative follows, as on the way back, in place of bias and
  ///   nonlinearity.
  static func convolution(
    _ shape: ConvolutionShape, _ activation: Activation, backward: Bool, _ setting: CaseSetting
  ) -> OperationCase {
    let geometry = shape.geometry
    var tensors = ConvolutionTensors(shape, setting)
    let operation = Convolution(
      geometry: geometry, input: tensors.image("X", geometry.fine, alternating: true),
      weights: tensors.weights("W"),
      epilogue: tensors.epilogue(activation, of: geometry.coarse, backward: backward),
      output: tensors.output("Y", geometry.coarse))
    return tensors.makeCase(
      operation, activation, backward: backward, outputs: [operation.output]
    ) { $0.run(operation) }
  }

  static func transposedConvolution(
    _ shape: ConvolutionShape, _ activation: Activation, backward: Bool, _ setting: CaseSetting
  ) -> OperationCase {
    let geometry = shape.geometry
    var tensors = ConvolutionTensors(shape, setting)
    let operation = TransposedConvolution(
      geometry: geometry, input: tensors.image("Y", geometry.coarse, alternating: true),
      weights: tensors.weights("W"),
      epilogue: tensors.epilogue(activation, of: geometry.fine, backward: backward),
      output: tensors.output("X", geometry.fine))
    return tensors.makeCase(
      operation, activation, backward: backward, outputs: [operation.output]
    ) { $0.run(operation) }
  }

  static func convolutionParameterGradient(
    _ shape: ConvolutionShape, of output: ConvolutionParameterGradient.Output,
    _ setting: CaseSetting
  ) -> OperationCase {
    let geometry = shape.geometry
    var tensors = ConvolutionTensors(shape, setting)
    let channels = output == .fine ? geometry.fine.channels : geometry.coarse.channels
    let count = geometry.patch * geometry.coarse.channels + channels
    let operation = ConvolutionParameterGradient(
      geometry: geometry, fine: tensors.image("X", geometry.fine, alternating: true),
      coarse: tensors.image("Y", geometry.coarse, alternating: false), output: output,
      weightGradient: tensors.arena.output(
        "dW", rows: geometry.patch, columns: geometry.coarse.channels),
      biasGradient: tensors.arena.output("db", rows: 1, columns: channels),
      partials: tensors.arena.output(
        "partials", rows: geometry.slices(rows: shape.rows), columns: count))
    return OperationCase(
      operation, variant: "bias of the \(output) image", kind: setting.kind, arena: tensors.arena,
      outputs: [operation.weightGradient, operation.biasGradient], scratch: [operation.partials],
      showsProduct: true, run: { $0.run(operation) })
  }
}

/// The tensors of a case, as they are placed.
private struct ConvolutionTensors {
  var arena: TestArena
  private var data: TestData
  private let shape: ConvolutionShape
  private let setting: CaseSetting

  init(_ shape: ConvolutionShape, _ setting: CaseSetting) {
    (arena, data) = (setting.arena, setting.data)
    self.shape = shape
    self.setting = setting
  }

  /// - Parameter alternating: whether neighbours cancel where the kind of data says so.
  mutating func image(_ name: String, _ image: ImageShape, alternating: Bool) -> Tensor {
    arena.input(
      name, rows: shape.rows, columns: image.count,
      data.matrix(
        rows: shape.rows, columns: image.count, alternation: alternating ? .alongRows : .none))
  }

  mutating func weights(_ name: String) -> Tensor {
    let (rows, columns) = (shape.geometry.patch, shape.geometry.coarse.channels)
    // Whether padding times an infinite weight is a term is a matter of form.
    var finite = TestData(
      kind: setting.kind == .nonFinite ? .ordinary : setting.kind,
      noise: Noise(seed: setting.seed, stream: .corruption, step: setting.number))
    return arena.input(
      name, rows: rows, columns: columns, finite.matrix(rows: rows, columns: columns))
  }

  mutating func epilogue(_ activation: Activation, of image: ImageShape, backward: Bool)
    -> ConvolutionEpilogue
  {
    if backward {
      let saved = data.saved(by: activation, count: shape.rows * image.count)
      return .derivative(
        activation, saved: arena.input("s", rows: shape.rows, columns: image.count, saved))
    }
    let bias = data.matrix(rows: 1, columns: image.channels)
    return .activation(
      activation, bias: arena.input("b", rows: 1, columns: image.channels, bias))
  }

  mutating func output(_ name: String, _ image: ImageShape) -> Tensor {
    arena.output(name, rows: shape.rows, columns: image.count)
  }

  func makeCase(
    _ operation: some Operation, _ activation: Activation, backward: Bool, outputs: [Tensor],
    run: @escaping (any Backend) -> Void
  ) -> OperationCase {
    OperationCase(
      operation, variant: "\(activation.rawValue)\(backward ? ", backward" : "")",
      kind: setting.kind, arena: arena, outputs: outputs, showsProduct: activation.isTransparent,
      run: run)
  }
}
