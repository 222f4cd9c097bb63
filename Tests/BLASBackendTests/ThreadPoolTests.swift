import BLASBackend
import Foundation
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test("Every part is performed exactly once, whatever the numbers of parts and threads")
  func everyPartOnce() {
    for threads in [1, 2, 3, 8] {
      let pool = ThreadPool(threads: threads)
      #expect(pool.threads == threads)
      let calls = UnsafeMutablePointer<Int>.allocate(capacity: 40)
      defer { calls.deallocate() }
      for round in 0..<3000 {
        let parts = [0, 1, 2, 3, 7, 40][round % 6]
        calls.initialize(repeating: 0, count: 40)
        pool.run(Tally(calls: calls, round: round), parts: parts)
        for part in 0..<40 where calls[part] != (part < parts ? round + 1 : 0) {
          Issue.record(
            "\(threads) threads, round \(round): part \(part) of \(parts) left \(calls[part])")
          return
        }
      }
    }
  }

  @Test("Threads that fell asleep wake up for new work")
  func wakesSleepers() {
    let pool = ThreadPool(threads: 4)
    let arrived = UnsafeMutablePointer<Atomic<Int>>.allocate(capacity: 1)
    arrived.initialize(to: Atomic(0))
    defer { arrived.deallocate() }
    for round in 1...20 {
      // Far beyond the time that threads spin.
      Thread.sleep(forTimeInterval: 0.003)
      // No part returns before all have begun, so each needs a thread of its own.
      pool.run(Meeting(arrived: arrived, expected: 4 * round), parts: 4)
      #expect(arrived.pointee.load(ordering: .relaxed) == 4 * round)
    }
  }

  // Right after work, a thread may meet the closing where it looks for another part: the more likely
  // the more threads wait for a processor.
  @Test("Threads go home whenever a pool is given up", .timeLimit(.minutes(1)))
  func closes() {
    let calls = UnsafeMutablePointer<Int>.allocate(capacity: 12)
    defer { calls.deallocate() }
    for _ in 0..<2_000 {
      calls.initialize(repeating: 0, count: 12)
      ThreadPool(threads: 12).run(Tally(calls: calls, round: 0), parts: 12)
      #expect((0..<12).allSatisfy { calls[$0] == 1 })
    }
  }

  @Test("Shares cover everything once and start at multiples")
  func shares() {
    for total in [0, 1, 15, 16, 17, 400, 785] {
      for count in 1...9 {
        for multiple in [1, 4, 16] {
          var end = 0
          for index in 0..<count {
            let share = Part(index: index, count: count).share(of: total, multiple: multiple)
            #expect(share.lowerBound == end)
            #expect(share.lowerBound % multiple == 0 || share.lowerBound == total)
            end = share.upperBound
          }
          #expect(end == total)
        }
      }
    }
  }

  @Test("The environment's number of threads wins over the machine's")
  func threadCount() {
    #expect(defaultThreadCount(environment: ["OPENBLAS_NUM_THREADS": "5"]) == 5)
    #expect(defaultThreadCount(environment: ["OMP_NUM_THREADS": "7"]) == 7)
    let both = ["OPENBLAS_NUM_THREADS": "5", "OMP_NUM_THREADS": "7"]
    #expect(defaultThreadCount(environment: both) == 5)
    let machine = defaultThreadCount(environment: [:])
    #expect(machine >= 1)
    #expect(defaultThreadCount(environment: ["OMP_NUM_THREADS": "zero"]) == machine)
    #expect(defaultThreadCount(environment: ["OMP_NUM_THREADS": "0"]) == machine)
  }
}

/// Leaves the round's number behind, added to what is there, so that a second call shows.
private struct Tally: ParallelWork {
  let calls: UnsafeMutablePointer<Int>
  let round: Int

  func perform(_ part: Part) { calls[part.index] += round + 1 }
}

/// Waits until every part has begun.
private struct Meeting: ParallelWork {
  let arrived: UnsafeMutablePointer<Atomic<Int>>
  let expected: Int

  func perform(_ part: Part) {
    arrived.pointee.wrappingAdd(1, ordering: .relaxed)
    while arrived.pointee.load(ordering: .relaxed) < expected { sched_yield() }
  }
}
