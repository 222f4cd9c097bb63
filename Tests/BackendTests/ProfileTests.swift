import Backend
import Foundation
import ReferenceBackend
import Testing

/// What a profile records, and the trace made of it.
@Suite struct ProfileTests {
  /// The sums of the rows of the tensor at `offset`.
  private static func sum(_ offset: Int = 0, rows: Int = 2, columns: Int = 8) -> SumRows {
    SumRows(input: Tensor(offset: offset, rows: rows, columns: columns))
  }

  private static func events(_ profile: Profile, device: String = "a device") throws
    -> (operations: [[String: Any]], all: [String: Any])
  {
    let object = try #require(
      try JSONSerialization.jsonObject(with: profile.trace(device: device)) as? [String: Any])
    let events = try #require(object["traceEvents"] as? [[String: Any]])
    return (events.filter { $0["ph"] as? String == "X" }, object)
  }

  @Test func operationsOfOneNameAndShapeShareALine() throws {
    let profile = Profile()
    #expect(profile.entry(of: Self.sum()) == 0)
    #expect(profile.entry(of: Self.sum(64)) == 0, "where the tensor lies does not matter")
    #expect(profile.entry(of: Self.sum(rows: 3)) == 1, "its shape does")
    for (start, end) in [(10, 25), (30, 31), (31, 40)] as [(UInt64, UInt64)] {
      profile.add(0, start: start, end: end)
    }
    profile.add(1, start: 50, end: 1050)
    #expect(profile.entries.map(\.calls) == [3, 1])
    #expect(profile.entries.map(\.nanoseconds) == [25, 1000])
    #expect(profile.entries.map(\.kind.shapes) == ["2×8", "3×8"])
    #expect(profile.entries[1].kind.cost == Self.sum(rows: 3).cost)
    #expect(profile.calls == 4)
    #expect(abs(profile.operationSeconds - 1025e-9) < 1e-15)
  }

  @Test func aLongRunKeepsItsSumsAndItsFirstEvents() throws {
    let profile = Profile(eventLimit: 3)
    let entry = profile.entry(of: Self.sum())
    for index in 0..<10 as Range<UInt64> {
      profile.add(entry, start: 100 * index, end: 100 * index + 50)
    }
    #expect(profile.events.map(\.start) == [0, 100, 200])
    #expect(profile.calls == 10)
    #expect(profile.entries[0].nanoseconds == 500)
    let (events, trace) = try Self.events(profile)
    #expect(events.count == 3)
    #expect(
      trace["otherData"] as? [String: Int] == ["operations": 10, "operations_in_trace": 3])
  }

  @Test func clocksThatOverlapAreStraightened() throws {
    let profile = Profile()
    let entry = profile.entry(of: Self.sum())
    // The second begins before the first ends; the third, by its clock, ends before it begins.
    for (start, end) in [(100, 200), (190, 300), (310, 305)] as [(UInt64, UInt64)] {
      profile.add(entry, start: start, end: end)
    }
    #expect(profile.events.map(\.start) == [100, 200, 310])
    #expect(profile.events.map(\.end) == [200, 300, 310])
    #expect(profile.entries[0].nanoseconds == 200)
  }

  @Test func traceIsWhatItsReadersExpect() throws {
    let profile = Profile()
    let start: UInt64 = 9_007_199_254_740_993  // 2⁵³ + 1 ns: no `Double` is exact here.
    profile.add(profile.entry(of: Self.sum()), start: start, end: start + 1_234)
    profile.add(profile.entry(of: Self.sum(rows: 3)), start: start + 2_005, end: start + 1_002_005)
    let (events, trace) = try Self.events(profile, device: #"a "quoted" \ device, µ"#)
    let first = try #require(events.first)
    #expect(events.map { $0["name"] as? String } == ["sum rows", "sum rows"])
    #expect(events.map { $0["ts"] as? Double } == [0, 2.005])
    #expect(events.map { $0["dur"] as? Double } == [1.234, 1000])
    #expect(events.allSatisfy { $0["pid"] as? Int == 1 && $0["tid"] as? Int == 1 })
    let arguments = try #require(first["args"] as? [String: Any])
    #expect(arguments["shapes"] as? String == "2×8")
    #expect(arguments["floating_point_operations"] as? Int == 16)
    #expect(arguments["bytes"] as? Int == 72)
    let names = try #require(trace["traceEvents"] as? [[String: Any]])
      .filter { $0["ph"] as? String == "M" }
    #expect(names.map { $0["name"] as? String } == ["process_name", "thread_name"])
    #expect(
      (names.last?["args"] as? [String: String])?["name"] == #"a "quoted" \ device, µ"#)
  }

  @Test func anEmptyTraceIsOneToo() throws {
    #expect(try Self.events(Profile()).operations.isEmpty)
  }

  @Test func callsAreTimedWhileRecording() throws {
    let profile = Profile()
    let backend = ObservedBackend(timing: ReferenceBackend(), for: profile)
    try backend.allocate(elements: 1 << 16)
    let output = Tensor(offset: 0, rows: 1, columns: 2)
    let sum = SumRows(input: Tensor(offset: 64, rows: 2, columns: 30_000))
    backend.run(sum, output: output)
    #expect(profile.calls == 0, "nobody was recording")
    profile.recording {
      for _ in 0..<5 { backend.run(sum, output: output) }
    }
    backend.run(sum, output: output)
    #expect(profile.calls == 5)
    #expect(profile.operationSeconds > 0)
    #expect(profile.operationSeconds <= profile.wallSeconds)
    for (event, next) in zip(profile.events, profile.events.dropFirst()) {
      #expect(event.start <= event.end && event.end <= next.start)
    }
  }
}
