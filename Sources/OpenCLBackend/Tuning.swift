import Backend
import COpenCL

/// Which of the two sets of kernels a backend runs.
public enum Tuning: String, Sendable, CaseIterable {
  /// The device type's.
  case automatic
  /// Whole vectors and rows a work-item, and matrix tiles in its registers.
  case cpu
  /// A number a work-item, work-groups that share local memory.
  case gpu
}

/// What a set of kernels is built with, and how its work is divided.
struct Layout {
  /// Kernel files, in the order of their appearance in the program.
  let files: [String]
  /// Elements a work-item of an elementwise kernel takes: the kernels' WIDTH.
  let width: Int
  /// Work-items that share a row in a reduction: the kernels' GROUP.
  let rowGroup: Int
  /// Work-items in a group of an elementwise kernel.
  let elementGroup: Int

  private static let families = [
    "activation.cl", "gather.cl", "loss.cl", "optimizer.cl", "posterior.cl", "random.cl",
    "reduction.cl",
  ]

  static let cpu = Layout(
    files: families + ["matmul_cpu.cl", "matmul_cpu_input.cl"], width: 16, rowGroup: 1,
    elementGroup: 64)
  static let gpu = Layout(
    files: families + ["matmul_gpu.cl"], width: 1, rowGroup: 128, elementGroup: 128)

  /// Options of the build. Relaxed mathematics stays off.
  var options: String { "-cl-std=CL1.2 -DWIDTH=\(width) -DGROUP=\(rowGroup)" }

  /// Work-items of an elementwise kernel over `count` elements.
  func elements(_ count: Int) -> Grid {
    Grid(items: count.dividedUp(by: width), groupSize: elementGroup)
  }

  /// Work-groups of a kernel that reduces `count` rows.
  func rows(_ count: Int) -> Grid { Grid(groups: (count, 1), of: (rowGroup, 1)) }
}

/// One of the three matrix products of a dense layer: which kernel computes it, on which grid.
struct MatrixProduct {
  let kernel: String
  let grid: Grid
}

/// How matrix products are divided, by device type and shape.
enum MatrixTiling {
  /// `matmul_cpu.cl`
  case cpu
  /// `matmul_gpu.cl`: the larger tile where there are enough of them to occupy every compute unit and
  /// the device runs as many work-items together.
  case gpu(computeUnits: Int, largeTileFits: Bool)

  /// The kernel `name` and its grid for an output of `rows × columns`.
  func product(_ name: String, rows: Int, columns: Int) -> MatrixProduct {
    switch self {
    case .cpu:
      // The tiles of matmul_cpu.cl and, for the input gradient, matmul_cpu_input.cl.
      let groups =
        name == "dense_input_gradient"
        ? (rows.dividedUp(by: 6), columns.dividedUp(by: 16))
        : (rows < 12 ? rows : rows.dividedUp(by: 12), columns.dividedUp(by: 32))
      return MatrixProduct(kernel: name, grid: Grid(groups: groups, of: (1, 1)))
    case .gpu(let computeUnits, let largeTileFits):
      let large = rows.dividedUp(by: 64) * columns.dividedUp(by: 64)
      let tile = largeTileFits && large >= computeUnits ? 64 : 32
      let groups = (columns.dividedUp(by: tile), rows.dividedUp(by: tile))
      return MatrixProduct(
        kernel: "\(name)_\(tile)", grid: Grid(groups: groups, of: (tile / 4, tile / 4)))
    }
  }
}
