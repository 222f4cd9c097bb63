import Backend
import COpenCL

/// How many work-items a kernel runs, and in groups of how many; always whole groups.
package struct Grid {
  package let global: [3 of Int]
  package let local: [3 of Int]
  /// How many work-items there must be, where the size of their groups is all the same.
  private let items: Int?

  /// `groups` work-groups of exactly `size` work-items.
  package init(groups: (Int, Int, Int), of size: Int) {
    self.init(groups: groups, of: size, items: nil)
  }

  /// At least `items` work-items in one dimension, in groups of `groupSize` at most.
  package init(items: Int, groupSize: Int) {
    self.init(groups: (items.dividedUp(by: groupSize), 1, 1), of: groupSize, items: items)
  }

  private init(groups: (Int, Int, Int), of size: Int, items: Int?) {
    global = [groups.0 * size, groups.1, groups.2]
    local = [size, 1, 1]
    self.items = items
  }

  /// The same for a kernel that runs in groups of `size` at most.
  package func limited(to size: Int) -> Grid {
    guard let items, local[0] > size else { return self }
    return Grid(items: items, groupSize: size)
  }

  /// OpenCL knows no empty range.
  var isEmpty: Bool { global[0] == 0 || global[1] == 0 || global[2] == 0 }
}

/// A kernel made ready for one planned operation: everything that never changes is set.
final class PreparedKernel {
  private let kernel: Kernel
  private let grid: Grid
  private let fixed: Int
  /// Does the rest of the operation.
  private let next: PreparedKernel?

  /// The kernel `name` with its first arguments, those that hold for every run.
  init(
    _ program: borrowing Program, _ device: cl_device_id, _ name: String, _ grid: Grid,
    _ arguments: [Argument], next: PreparedKernel? = nil
  ) throws(OpenCLStatus) {
    kernel = try Kernel(program, name: name)
    self.grid = grid.limited(to: try kernel.maxGroupSize(on: device))
    self.next = next
    fixed = arguments.count
    for (index, argument) in arguments.enumerated() { try kernel.set(index, to: argument) }
  }

  /// Enqueues it with the remaining arguments, those of this run.
  ///
  /// - Parameter events: where the commands' events go, to be released, if anybody wants them.
  func enqueue<let count: Int>(
    _ queue: borrowing Queue, _ arguments: [count of Argument], _ events: inout [cl_event]?
  ) throws(OpenCLStatus) {
    for index in arguments.indices { try kernel.set(fixed + index, to: arguments[index]) }
    // And there is nothing to do.
    if grid.isEmpty { return }
    if events == nil {
      try kernel.enqueue(queue, grid, event: nil)
    } else {
      var event: cl_event?
      try kernel.enqueue(queue, grid, event: &event)
      if let event { events?.append(event) }
    }
    try next?.enqueue(queue, [], &events)
  }
}

extension Int {
  /// The quotient, rounded up.
  func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
