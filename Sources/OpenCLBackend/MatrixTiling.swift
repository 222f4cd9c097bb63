import Backend

/// A dense layer's product, or those of several layers at once.
package struct MatrixProduct: Codable, Hashable, Sendable {
  /// What computes it, by its name in OpenCL C.
  package enum Kernel: String, CaseIterable, Codable, Sendable {
    case dense = "dense_forward"
    case inputGradient = "dense_input_gradient"
    case parameterGradient = "dense_parameter_gradient"
    case update = "dense_update"
  }

  /// The extents of a result.
  package struct Output: Codable, Hashable, Sendable {
    package let rows, columns: Int
  }

  /// What computes it.
  package let kernel: Kernel
  /// Its result, or one a layer.
  package let outputs: [Output]
  /// Terms of each of its sums.
  package let depth: Int

  /// The product with results of these tensors' shapes.
  package init(_ kernel: Kernel, outputs: [Tensor], depth: Int) {
    self.kernel = kernel
    self.outputs = outputs.map { Output(rows: $0.rows, columns: $0.columns) }
    self.depth = depth
  }

  /// The product that `operation` is, or `nil` for one that is none.
  package init?(_ operation: any Operation) {
    switch operation {
    case let dense as Dense:
      self.init(.dense, outputs: [dense.output], depth: dense.weights.rows)
    case let gradient as DenseInputGradient:
      self.init(
        .inputGradient, outputs: [gradient.inputGradient], depth: gradient.weights.columns)
    case let gradient as DenseParameterGradient:
      self.init(.parameterGradient, [gradient])
    case let update as DenseUpdate:
      self.init(.update, update.gradients)
    default: return nil
    }
  }

  init(_ kernel: Kernel, _ layers: [DenseParameterGradient]) {
    self.init(
      kernel, outputs: layers.map(\.weightGradient), depth: layers.map(\.input.rows).max() ?? 0)
  }
}

/// A matrix product's kernel, its grid, and what arguments the way it is divided adds.
struct MatrixKernel {
  let name: String
  let grid: Grid
  let arguments: [Argument]
  /// Into how many slices a kernel that can leave its sums in slices does so, and which kernel adds
  /// them; one slice is whole sums, left to nobody.
  var slices: (count: Int, kernel: String)?
}

/// How matrix products are divided, by device type and shape.
enum MatrixTiling {
  /// `matmul_cpu.cl` and `matmul_cpu_update.cl`
  case cpu(CPUTile)
  /// `matmul_gpu.cl`
  case gpu(GPUTiling)

  /// The kernel of a layer, with an output of `rows × columns` and sums of `depth` terms.
  func product(_ kernel: MatrixProduct.Kernel, output: Tensor, depth: Int) -> MatrixKernel {
    switch self {
    case .cpu(let tile):
      tile.product(kernel.rawValue, rows: output.rows, columns: output.columns)
    case .gpu(let tiling):
      tiling.product(MatrixProduct(kernel, outputs: [output], depth: depth))
    }
  }

  /// The kernel of layers' parameter gradients, and how many of its groups each layer takes.
  func gradients(_ kernel: MatrixProduct.Kernel, of layers: [DenseParameterGradient])
    -> (kernel: MatrixKernel, groups: [Int])
  {
    switch self {
    case .cpu(let tile): return tile.kernel(kernel.rawValue, for: layers)
    case .gpu(let tiling):
      return tiling.gradients(MatrixProduct(kernel, layers))
    }
  }
}

/// The tile of `matmul_cpu_tile.h`.
struct CPUTile {
  /// WIDTH
  let width: Int
  /// ROWS: as many as leave registers, of which there are 32 of 16 floats or 16 of 8, for the factors.
  let rows: Int
  /// STRIP: rows of a parameter gradient that are done together, whole tiles and whole vectors.
  let strip: Int
  let computeUnits: Int

  /// For a device whose registers hold `lanes` floats.
  init(lanes: Int, computeUnits: Int) {
    (width, rows, strip) = lanes >= 16 ? (16, 8, 16) : (8, 6, 24)
    self.computeUnits = computeUnits
  }

  /// COLUMNS
  var columns: Int { 2 * width }

  /// Work-items take whole blocks of rows: enough of them to keep every unit busy to the end, but none
  /// so short that laying out its panel tells, nor so long that the block leaves the cache.
  func product(_ name: String, rows: Int, columns: Int) -> MatrixKernel {
    let across = columns.dividedUp(by: self.columns)
    let wanted = (8 * computeUnits).dividedUp(by: max(across, 1))
    let parts = max(min(wanted, rows / 32), rows.dividedUp(by: 256), 1)
    let block = max(rows.dividedUp(by: parts).dividedUp(by: self.rows), 1) * self.rows
    return MatrixKernel(
      name: name, grid: Grid(groups: (rows.dividedUp(by: block), across, 1), of: 1),
      arguments: [.size(UInt32(block))])
  }

  /// A strip a work-item, or up to eight, as long as every unit has some, where the examples' gradients,
  /// which every work-item reads from end to end, are too many for the cache.
  func kernel(_ name: String, for layers: [DenseParameterGradient])
    -> (kernel: MatrixKernel, groups: [Int])
  {
    let large = layers.contains { $0.outputGradient.count > 1 << 18 }
    let strips = layers.map { $0.input.columns.dividedUp(by: strip) }.max() ?? 1
    let block = large ? max(1, min(8, strips / (2 * computeUnits))) * strip : strip
    let groups = layers.map { $0.input.columns.dividedUp(by: block) }
    let kernel = MatrixKernel(
      name: name, grid: Grid(groups: (groups.reduce(0, +), 1, 1), of: 1),
      arguments: [.size(UInt32(block))])
    return (kernel, groups)
  }
}
