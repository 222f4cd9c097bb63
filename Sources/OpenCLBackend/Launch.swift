import Backend
import COpenCL

/// How many work-items a kernel runs, and in groups of how many; always whole groups.
struct Grid {
  let global: (Int, Int)
  let local: (Int, Int)

  /// `groups` work-groups of `size` work-items.
  init(groups: (Int, Int), of size: (Int, Int)) {
    global = (groups.0 * size.0, groups.1 * size.1)
    local = size
  }

  /// At least `items` work-items in one dimension.
  init(items: Int, groupSize: Int) {
    self.init(groups: (items.dividedUp(by: groupSize), 1), of: (groupSize, 1))
  }

  var isEmpty: Bool { global.0 == 0 || global.1 == 0 }
}

/// A kernel made ready for one planned operation: everything that never changes is set.
final class PreparedKernel {
  private let kernel: Kernel
  private let grid: Grid
  private let fixed: Int

  /// The kernel `name` with its first arguments, those that hold for every run.
  init(_ program: borrowing Program, _ name: String, _ grid: Grid, _ arguments: [Argument])
    throws(OpenCLStatus)
  {
    kernel = try Kernel(program, name: name)
    self.grid = grid
    fixed = arguments.count
    for (index, argument) in arguments.enumerated() { try kernel.set(index, to: argument) }
  }

  /// Enqueues it with the remaining arguments, those of this run.
  ///
  /// - Parameter event: where the command's event goes, if anybody wants it.
  func enqueue(
    _ queue: borrowing Queue, _ arguments: [Argument], event: UnsafeMutablePointer<cl_event?>?
  ) throws(OpenCLStatus) {
    for (index, argument) in arguments.enumerated() {
      try kernel.set(fixed + index, to: argument)
    }
    // OpenCL knows no empty range, and there is nothing to do.
    if grid.isEmpty { return }
    let global = [grid.global.0, grid.global.1], local = [grid.local.0, grid.local.1]
    try OpenCLStatus.check(
      clEnqueueNDRangeKernel(queue.handle, kernel.handle, 2, nil, global, local, 0, nil, event))
  }
}

extension Int {
  /// The quotient, rounded up.
  func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
