import Backend
import COpenCL

/// The events of a queue's commands, until their times can be read.
final class EventLog {
  let profile: Profile
  private var pending: [(entry: Int, events: [cl_event])] = []

  /// Operations that may be pending: several reporting intervals' worth, and little memory.
  private static let limit = 1 << 14

  init(_ profile: Profile) { self.profile = profile }

  deinit { release() }

  /// Keeps the events of the commands that `enqueue` puts into `queue` for `operation`.
  func append(
    _ operation: some Operation, _ queue: borrowing Queue,
    _ enqueue: (inout [cl_event]?) throws(OpenCLStatus) -> Void
  ) throws(OpenCLStatus) {
    if pending.count == Self.limit {
      try queue.finish()
      try collect()
    }
    var events: [cl_event]? = []
    defer {
      if let events, !events.isEmpty { pending.append((profile.entry(of: operation), events)) }
    }
    try enqueue(&events)
  }

  /// Reads the times of what is pending, all of which is done.
  func collect() throws(OpenCLStatus) {
    defer { release() }
    for (entry, events) in pending {
      profile.add(
        entry, start: try events[0].time(CL_PROFILING_COMMAND_START),
        end: try events[events.count - 1].time(CL_PROFILING_COMMAND_END))
    }
  }

  private func release() {
    for event in pending.flatMap(\.events) { clReleaseEvent(event) }
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
