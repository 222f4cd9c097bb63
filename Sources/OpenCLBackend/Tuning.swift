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
    "activation.cl", "convolution.cl", "gather.cl", "loss.cl", "optimizer.cl", "posterior.cl",
    "random.cl",
    "reduction.cl",
  ]

  static let cpu = Layout(
    files: families + [
      "matmul_cpu.cl", "matmul_cpu_update.cl", "convolution_cpu.cl", "convolution_cpu_gradient.cl",
    ],
    width: 16, rowGroup: 1,
    elementGroup: 64)
  static let gpu = Layout(
    files: families + ["matmul_gpu.cl", "convolution_gpu.cl"], width: 1, rowGroup: 128,
    elementGroup: 128)

  /// Options of the build. Relaxed mathematics stays off.
  var options: String {
    "-cl-std=CL1.2 -DWIDTH=\(width) -DGROUP=\(rowGroup) -DROWS=\(CPUTile.rows)"
  }

  /// Work-items of an elementwise kernel over `count` elements.
  func elements(_ count: Int) -> Grid {
    Grid(items: count.dividedUp(by: width), groupSize: elementGroup)
  }

  /// Work-groups of a kernel that reduces `count` rows.
  func rows(_ count: Int) -> Grid { Grid(groups: (count, 1), of: (rowGroup, 1)) }
}
