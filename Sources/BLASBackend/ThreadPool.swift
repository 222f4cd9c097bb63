import CVectorMath
import Foundation
import Synchronization

/// Work that a pool of threads shares, part by part, in any order. A plain value, so that handing it
/// over neither allocates nor counts references.
package protocol ParallelWork: BitwiseCopyable {
  /// Does one part, touching nothing that another part writes.
  func perform(_ part: Part)
}

/// One of `count` equal shares of some work.
package struct Part {
  /// Which share, from 0.
  package let index: Int
  /// How many shares there are.
  package let count: Int

  /// Share `index` of `count`.
  package init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// The share of `total` things, as a range whose bounds are multiples of `multiple`, or `total`.
  package func share(of total: Int, multiple: Int = 1) -> Range<Int> {
    let units = (total + multiple - 1) / multiple
    return min(
      units * index / count * multiple, total)..<min(
        units * (index + 1) / count * multiple, total)
  }
}

/// Threads that wait for work, spinning at first and asleep later; the one that calls takes part.
///
/// Between the operations of a training step the threads never sleep, so that handing work over costs
/// less than a microsecond; when training pauses they cost nothing.
package final class ThreadPool {
  /// How many threads work, the caller's included.
  package let threads: Int
  private let desk: Desk
  private let workers: [pthread_t]

  /// A pool of `threads` threads, the caller's included, or as many as the system grants.
  package init(threads: Int) {
    precondition(threads >= 1, "a pool has at least the caller's thread")
    let desk = Desk()
    self.desk = desk
    workers = (1..<threads).compactMap { _ in
      var worker = pthread_t()
      let argument = Unmanaged.passRetained(desk)
      let code = pthread_create(
        &worker, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<Desk>.fromOpaque(argument).takeRetainedValue().attend()
          return nil
        }, argument.toOpaque())
      if code != 0 { argument.release() }
      return code == 0 ? worker : nil
    }
    self.threads = workers.count + 1
  }

  deinit {
    desk.close()
    for worker in workers { pthread_join(worker, nil) }
  }

  /// Performs every part of `work` once and returns when all are done.
  ///
  /// The caller does what no other thread has begun, so that a thread which is asleep or was put aside
  /// by the system delays nothing.
  package func run<Work: ParallelWork>(_ work: Work, parts: Int) {
    if parts <= 1 || workers.isEmpty {
      for index in 0..<parts { work.perform(Part(index: index, count: parts)) }
    } else {
      withUnsafePointer(to: work) { desk.share(UnsafeRawPointer($0), Work.self, parts: parts) }
    }
  }
}

extension ParallelWork {
  /// Does one part of the work at `address`.
  fileprivate static func perform(at address: UnsafeRawPointer, _ part: Part) {
    address.assumingMemoryBound(to: Self.self).pointee.perform(part)
  }
}

/// Where work is laid out and its parts are taken.
private final class Desk: @unchecked Sendable {
  // Written before the ticket that announces it, and read by holders of one of its parts alone.
  private var work: (address: UnsafeRawPointer, type: any ParallelWork.Type)?
  private let ticket = Atomic(Ticket(generation: 0, parts: 0, next: 0).bits)
  private let unfinished = Atomic(0)
  private let closed = Atomic(false)

  private let sleepers = Atomic(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// The caller's side: lays work out, takes parts of it and waits for the rest.
  func share(_ address: UnsafeRawPointer, _ type: any ParallelWork.Type, parts: Int) {
    work = (address, type)
    unfinished.store(parts, ordering: .relaxed)
    announce(parts: parts)
    _ = takeParts()
    var spin = Spin()
    while unfinished.load(ordering: .acquiring) > 0 {
      // A thread may hold a part and wait for this very processor.
      if spin.pause() { sched_yield() }
    }
  }

  /// A worker's side: takes parts whenever there are new ones, until the desk closes.
  func attend() {
    var seen: UInt32 = 0
    // Closing is a generation without parts, and either of the two may be what meets it.
    repeat {
      awaitGeneration(after: seen)
      seen = takeParts()
    } while !closed.load(ordering: .relaxed)
  }

  /// Sends the workers home.
  func close() {
    closed.store(true, ordering: .relaxed)
    announce(parts: 0)
  }

  private func announce(parts: Int) {
    precondition(parts <= Int(UInt16.max) / 2, "too many parts for a ticket")
    let generation = Ticket(bits: ticket.load(ordering: .relaxed)).generation &+ 1
    let first = Ticket(generation: generation, parts: UInt16(parts), next: 0)
    // A sleeper counts itself, then looks at the ticket; this looks at the count after it changes the
    // ticket. One order over all of that keeps a wake-up from being lost.
    ticket.store(first.bits, ordering: .sequentiallyConsistent)
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Performs parts until none is left; returns the generation that has none left.
  private func takeParts() -> UInt32 {
    while true {
      let bits = ticket.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
      let taken = Ticket(bits: bits)
      guard taken.next < taken.parts, let work else { return taken.generation }
      work.type.perform(at: work.address, Part(index: Int(taken.next), count: Int(taken.parts)))
      unfinished.wrappingSubtract(1, ordering: .releasing)
    }
  }

  /// Waits for a generation other than `seen`.
  private func awaitGeneration(after seen: UInt32) {
    var spin = Spin()
    while Ticket(bits: ticket.load(ordering: .acquiring)).generation == seen {
      guard spin.pause() else { continue }
      pthread_mutex_lock(mutex)
      sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
      while Ticket(bits: ticket.load(ordering: .sequentiallyConsistent)).generation == seen {
        pthread_cond_wait(condition, mutex)
      }
      sleepers.wrappingSubtract(1, ordering: .relaxed)
      pthread_mutex_unlock(mutex)
    }
  }
}

/// Which work is laid out, how many parts it has and which is next, in one word: taking a part is one
/// atomic addition, and nobody can take a part of work that has since been replaced.
private struct Ticket {
  var bits: UInt64

  init(bits: UInt64) { self.bits = bits }

  init(generation: UInt32, parts: UInt16, next: UInt16) {
    bits = UInt64(generation) << 32 | UInt64(parts) << 16 | UInt64(next)
  }

  var generation: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }
  var parts: UInt16 { UInt16(truncatingIfNeeded: bits >> 16) }
  var next: UInt16 { UInt16(truncatingIfNeeded: bits) }
}

/// Busy waiting for about 50 µs: longer than what lies between two operations of a training step, and
/// about what putting a thread to sleep and waking it costs.
private struct Spin {
  private var turns = 0
  private var deadline: UInt64?

  /// Waits for an instant; true once the time is up.
  mutating func pause() -> Bool {
    vm_spin_pause()
    turns += 1
    guard turns % 32 == 0 else { return false }
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    guard let deadline else {
      deadline = now + 50_000
      return false
    }
    return now >= deadline
  }
}
