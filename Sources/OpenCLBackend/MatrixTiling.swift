import Backend

/// A matrix product's kernel, its grid, and what arguments the way it is divided adds.
struct MatrixKernel {
  let name: String
  let grid: Grid
  let arguments: [Argument]
}

/// How matrix products are divided, by device type and shape.
enum MatrixTiling {
  /// `matmul_cpu.cl` and `matmul_cpu_update.cl`
  case cpu(CPUTile)
  /// `matmul_gpu.cl`
  case gpu(GPUTile)

  /// `dense_forward` or `dense_input_gradient`, with an output of `rows × columns`.
  func product(_ name: String, rows: Int, columns: Int) -> MatrixKernel {
    switch self {
    case .cpu(let tile): tile.product(name, rows: rows, columns: columns)
    case .gpu(let tile): tile.product(name, rows: rows, columns: columns)
    }
  }

  /// The kernel of a layer's parameter gradient.
  func parameterGradient(_ operation: DenseParameterGradient) -> MatrixKernel {
    switch self {
    case .cpu(let tile):
      tile.kernel("dense_parameter_gradient", for: [operation]).kernel
    case .gpu(let tile):
      tile.product(
        "dense_parameter_gradient", rows: operation.weightGradient.rows,
        columns: operation.weightGradient.columns)
    }
  }

  /// The kernel of an update, and how many of its groups each layer takes.
  func update(_ operation: DenseUpdate) -> (kernel: MatrixKernel, groups: [Int]) {
    switch self {
    case .cpu(let tile): tile.kernel("dense_update", for: operation.gradients)
    case .gpu(let tile): tile.update(operation.gradients.map(\.weightGradient))
    }
  }
}

/// The tile of `matmul_cpu_tile.h`.
struct CPUTile {
  let width: Int
  let computeUnits: Int

  /// ROWS
  static let rows = 8
  /// COLUMNS
  private var columns: Int { 2 * width }

  /// Work-items take whole blocks of rows: enough of them to keep every unit busy to the end, but none
  /// so short that laying out its panel tells, nor so long that the block leaves the cache.
  func product(_ name: String, rows: Int, columns: Int) -> MatrixKernel {
    let across = columns.dividedUp(by: self.columns)
    let wanted = (8 * computeUnits).dividedUp(by: max(across, 1))
    let parts = max(min(wanted, rows / 32), rows.dividedUp(by: 256), 1)
    let block = max(rows.dividedUp(by: parts).dividedUp(by: Self.rows), 1) * Self.rows
    return MatrixKernel(
      name: name, grid: Grid(groups: (rows.dividedUp(by: block), across), of: (1, 1)),
      arguments: [.size(UInt32(block))])
  }

  /// A strip a work-item, or eight where the examples' gradients, which every work-item reads from end to
  /// end, are too many for the cache.
  func kernel(_ name: String, for layers: [DenseParameterGradient])
    -> (kernel: MatrixKernel, groups: [Int])
  {
    let strip = 2 * Self.rows
    let large = layers.contains { $0.outputGradient.count > 1 << 18 }
    let block = large ? 8 * strip : strip
    let groups = layers.map { $0.input.columns.dividedUp(by: block) }
    let kernel = MatrixKernel(
      name: name, grid: Grid(groups: (groups.reduce(0, +), 1), of: (1, 1)),
      arguments: [.size(UInt32(block))])
    return (kernel, groups)
  }
}

/// The tiles of `matmul_gpu.cl`: the larger one where there are enough of them to occupy every compute
/// unit and the device runs as many work-items together.
struct GPUTile {
  let computeUnits: Int
  let largeFits: Bool

  func product(_ name: String, rows: Int, columns: Int) -> MatrixKernel {
    let size = size(for: [(rows, columns)])
    return MatrixKernel(
      name: "\(name)_\(size)",
      grid: Grid(
        groups: (columns.dividedUp(by: size), rows.dividedUp(by: size)), of: (size / 4, size / 4)),
      arguments: [])
  }

  func update(_ gradients: [Tensor]) -> (kernel: MatrixKernel, groups: [Int]) {
    let size = size(for: gradients.map { ($0.rows, $0.columns) })
    let groups = gradients.map {
      $0.rows.dividedUp(by: size) * $0.columns.dividedUp(by: size)
    }
    let kernel = MatrixKernel(
      name: "dense_update_\(size)",
      grid: Grid(groups: (groups.reduce(0, +), 1), of: (size / 4, size / 4)), arguments: [])
    return (kernel, groups)
  }

  private func size(for outputs: [(rows: Int, columns: Int)]) -> Int {
    let large = outputs.map { $0.rows.dividedUp(by: 64) * $0.columns.dividedUp(by: 64) }
    return largeFits && large.reduce(0, +) >= computeUnits ? 64 : 32
  }
}
