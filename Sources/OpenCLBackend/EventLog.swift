import Backend
import COpenCL

/// The events of a queue's commands, until their times can be read.
final class EventLog {
  let profile: Profile
  private var pending: [(entry: Int, continuing: Bool, event: cl_event)] = []

  /// Events that may be pending: several reporting intervals' worth, and little memory.
  private static let limit = 1 << 14

  init(_ profile: Profile) { self.profile = profile }

  deinit { release() }

  /// Keeps the event of the command that `enqueue` puts into `queue` for `operation`, or for the rest of it.
  func append(
    _ operation: some Operation, continuing: Bool, _ queue: borrowing Queue,
    _ enqueue: (UnsafeMutablePointer<cl_event?>) throws(OpenCLStatus) -> Void
  ) throws(OpenCLStatus) {
    if pending.count == Self.limit {
      try queue.finish()
      try collect()
    }
    var event: cl_event?
    try enqueue(&event)
    if let event { pending.append((profile.entry(of: operation), continuing, event)) }
  }

  /// Reads the times of what is pending, all of which is done.
  func collect() throws(OpenCLStatus) {
    defer { release() }
    for (entry, continuing, event) in pending {
      profile.add(
        entry, start: try event.time(CL_PROFILING_COMMAND_START),
        end: try event.time(CL_PROFILING_COMMAND_END), continuing: continuing)
    }
  }

  private func release() {
    for (_, _, event) in pending { clReleaseEvent(event) }
    pending.removeAll(keepingCapacity: true)
  }
}

extension cl_event {
  /// Nanoseconds on the device's clock.
  fileprivate func time(_ moment: Int32) throws(OpenCLStatus) -> UInt64 {
    var time: cl_ulong = 0
    try OpenCLStatus.check(
      clGetEventProfilingInfo(
        self, cl_profiling_info(moment), MemoryLayout<cl_ulong>.size, &time, nil))
    return time
  }
}
