import Backend
import COpenCL

extension OpenCLBackend {
  public func run(_ operation: Convolution) {
    let (geometry, rows) = (operation.geometry, operation.input.rows)
    enqueue(operation, &prepared.convolution, []) { () throws(OpenCLStatus) in
      try prepare(
        tiling.convolution(geometry, rows: rows),
        [offset(operation.input), offset(operation.weights), offset(operation.output)]
          + arguments(of: operation.epilogue, geometry, rows: rows))
    }
  }

  public func run(_ operation: TransposedConvolution) {
    let (geometry, rows) = (operation.geometry, operation.input.rows)
    enqueue(operation, &prepared.transposedConvolution, []) { () throws(OpenCLStatus) in
      try prepare(
        tiling.transposedConvolution(geometry, rows: rows),
        [offset(operation.input), offset(operation.weights), offset(operation.output)]
          + arguments(of: operation.epilogue, geometry, rows: rows))
    }
  }

  public func run(_ operation: ConvolutionParameterGradient) {
    let geometry = operation.geometry
    let partials: [Argument] = [
      offset(operation.partials), .offset(UInt64(operation.partials.columns)),
      size(operation.slices),
    ]
    enqueue(operation, &prepared.convolutionParameterGradient, []) { () throws(OpenCLStatus) in
      let weights = operation.weightGradient
      let sums = try prepare(
        "convolution_sum_slices", layout.elements(weights.count),
        partials + [offset(weights), size(weights.count)], next: biasGradient(operation))
      return try prepare(
        tiling.slices(geometry, slices: operation.slices),
        [offset(operation.fine), offset(operation.coarse)] + partials
          + arguments(of: geometry, rows: operation.fine.rows), next: sums)
    }
  }

  private func biasGradient(_ operation: ConvolutionParameterGradient) throws(OpenCLStatus)
    -> PreparedKernel
  {
    let isFine = operation.output == .fine
    let gradient = isFine ? operation.fine : operation.coarse
    let shape = isFine ? operation.geometry.fine : operation.geometry.coarse
    return try prepare(
      "convolution_bias_gradient", layout.rows(shape.channels.dividedUp(by: layout.width)),
      [
        offset(gradient), offset(operation.biasGradient), size(gradient.rows),
        size(shape.pixels), size(shape.channels), size(shape.count),
        size(shape.planes > 1 ? shape.pixels : 1), size(shape.depth),
      ])
  }

  private func prepare(
    _ kernel: MatrixKernel, _ arguments: [Argument], next: PreparedKernel? = nil
  ) throws(OpenCLStatus) -> PreparedKernel {
    try prepare(kernel.name, kernel.grid, arguments + kernel.arguments, next: next)
  }

  private func arguments(
    of epilogue: ConvolutionEpilogue, _ geometry: ConvolutionGeometry, rows: Int
  )
    -> [Argument]
  {
    let extra =
      switch epilogue {
      case .activation(_, let bias): offset(bias)
      // Not read, and then of any shape.
      case .derivative(.identity, _): Argument.offset(0)
      case .derivative(_, let saved): offset(saved)
      }
    return [extra] + arguments(of: geometry, rows: rows) + [
      .code(epilogue.activation.code), .code(epilogue.isBackward ? 1 : 0),
    ]
  }

  /// What `unpack` of convolution.h reads.
  private func arguments(of geometry: ConvolutionGeometry, rows: Int) -> [Argument] {
    let (fine, coarse) = (geometry.fine, geometry.coarse)
    return [
      extents(fine.planes, fine.height, fine.width, fine.depth),
      extents(coarse.height, coarse.width, coarse.channels, rows),
      extents(geometry.kernel, geometry.stride, geometry.padding, 0),
    ]
  }

  private func extents(_ first: Int, _ second: Int, _ third: Int, _ fourth: Int) -> Argument {
    .counter(SIMD4(UInt32(first), UInt32(second), UInt32(third), UInt32(fourth)))
  }
}

extension ConvolutionEpilogue {
  fileprivate var isBackward: Bool {
    if case .derivative = self { true } else { false }
  }
}

extension MatrixTiling {
  /// The kernel of a convolution.
  func convolution(_ geometry: ConvolutionGeometry, rows: Int) -> MatrixKernel {
    product(
      "convolution", rows: rows * geometry.coarse.pixels, columns: geometry.coarse.channels,
      phases: 1)
  }

  /// The kernel of a transposed convolution: a product for each phase of the stride, the first of which has
  /// the most pixels.
  func transposedConvolution(_ geometry: ConvolutionGeometry, rows: Int) -> MatrixKernel {
    let (fine, stride) = (geometry.fine, geometry.stride)
    let pixels = rows * fine.height.dividedUp(by: stride) * fine.width.dividedUp(by: stride)
    return product(
      "transposed_convolution", rows: pixels, columns: fine.channels, phases: stride * stride)
  }

  /// The kernel of a parameter gradient's slices.
  func slices(_ geometry: ConvolutionGeometry, slices: Int) -> MatrixKernel {
    let (rows, columns) = (geometry.patch, geometry.coarse.channels)
    let grid =
      switch self {
      case .cpu(let tile): Grid(groups: (rows.dividedUp(by: tile.strip), slices, 1), of: 1)
      case .gpu:
        Grid(
          groups: (rows.dividedUp(by: Self.square), columns.dividedUp(by: Self.square), slices),
          of: Self.squareItems)
      }
    return MatrixKernel(name: "convolution_slices", grid: grid, arguments: [])
  }

  private func product(_ name: String, rows: Int, columns: Int, phases: Int) -> MatrixKernel {
    switch self {
    case .cpu(let tile):
      let product = tile.product(name, rows: rows, columns: columns)
      let groups = (product.grid.global[0], product.grid.global[1], phases)
      return MatrixKernel(
        name: name, grid: Grid(groups: groups, of: 1), arguments: product.arguments)
    case .gpu:
      let groups = (rows.dividedUp(by: Self.square), columns.dividedUp(by: Self.square), phases)
      return MatrixKernel(
        name: name, grid: Grid(groups: groups, of: Self.squareItems), arguments: [])
    }
  }

  /// SQUARE and SQUARE_ITEMS of convolution_gpu.h.
  private static let square = 32
  private static let squareItems = 64
}
