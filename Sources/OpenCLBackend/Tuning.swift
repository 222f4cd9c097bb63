import Backend
import COpenCL

/// Which set of kernels a backend runs.
public enum Tuning: String, Sendable, CaseIterable {
  /// The device type's.
  case automatic
  /// Whole vectors and rows a work-item, and matrix tiles in its registers, for vectors of 16 floats.
  case cpu
  /// The same for vectors of 8 floats, of which there are half as many registers.
  case cpuNarrow = "cpu-narrow"
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
  /// Work-items in a group of an elementwise kernel, unless the device can run fewer of it only.
  let elementGroup: Int
  /// Work-items in a group of a kernel that draws random numbers, each of which has much to do.
  let drawGroup: Int
  /// The kernels that must run in groups of one size, which a device may be too small for.
  let fixedGroups: [(kernels: [String], size: Int)]
  /// What the kernels of matrix products want defined besides.
  private let definitions: String

  private static let families = [
    "activation.cl", "binarize.cl", "convolution.cl", "copy.cl", "corrupt.cl", "divergence.cl",
    "freebits.cl", "gather.cl", "gaussian.cl", "importance.cl", "loss.cl", "optimizer.cl",
    "posterior.cl", "random.cl", "reduction.cl", "rows.cl",
  ]

  private static let rowKernels = [
    "kl_divergence", "reconstruction_loss", "reconstruction_loss_gradient", "sum_rows",
    "convolution_bias_gradient",
  ]
  private static let convolutionKernels = [
    "convolution", "transposed_convolution", "convolution_slices",
  ]

  /// For a device of `localMemory` bytes a work-group.
  static func cpu(_ tile: CPUTile, localMemory: Int) -> Layout {
    // A whole panel of weights, where it fits, saves reading and writing sums between parts of it.
    let panel = tile.columns * MemoryLayout<Float>.stride
    let depth = localMemory >= 1024 * panel ? 1024 : 256
    return Layout(
      files: families + [
        "matmul_cpu.cl", "matmul_cpu_update.cl", "convolution_cpu.cl",
        "convolution_cpu_gradient.cl",
      ], width: tile.width, rowGroup: 1,
      elementGroup: 64, drawGroup: 4,
      fixedGroups: [
        (rowKernels + convolutionKernels + MatrixProduct.Kernel.allCases.map(\.rawValue), 1)
      ],
      definitions: " -DROWS=\(tile.rows) -DSTRIP=\(tile.strip) -DDEPTH=\(depth)")
  }
  static let gpu = Layout(
    files: families + ["matmul_gpu.cl", "matmul_gpu_slices.cl", "convolution_gpu.cl"], width: 1,
    rowGroup: 128,
    elementGroup: 128, drawGroup: 128, fixedGroups: [(rowKernels, 128), (convolutionKernels, 64)],
    definitions: "")

  /// Options of the build. Relaxed mathematics stays off; subnormal numbers, which cost a CPU a trap each, may be
  /// zero.
  var options: String {
    "-cl-std=CL1.2 -cl-denorms-are-zero -DWIDTH=\(width) -DGROUP=\(rowGroup)" + definitions
  }

  /// Work-items of an elementwise kernel over `count` elements.
  func elements(_ count: Int) -> Grid {
    Grid(items: count.dividedUp(by: width), groupSize: elementGroup)
  }

  /// Work-items of a kernel that draws `count` blocks of random numbers.
  func draws(_ count: Int) -> Grid {
    Grid(items: count.dividedUp(by: width), groupSize: drawGroup)
  }

  /// Work-groups of a kernel that reduces `count` rows.
  func rows(_ count: Int) -> Grid { Grid(groups: (count, 1, 1), of: rowGroup) }
}
