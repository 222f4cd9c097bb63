import Backend
import OpenCLBackend
import Testing

/// The device's own times. These need an OpenCL device.
@Suite struct ProfileTests {
  private static let input = Tensor(offset: 0, rows: 64, columns: 256)
  private static let dense = Dense(
    input: input, weights: Tensor(offset: 1 << 15, rows: 256, columns: 128),
    bias: Tensor(offset: 1 << 17, rows: 1, columns: 128), activation: .relu,
    output: Tensor(offset: 1 << 18, rows: 64, columns: 128))
  private static let sum = SumRows(input: input)
  private static let sums = Tensor(offset: 1 << 19, rows: 1, columns: 64)

  private static func backend(_ profile: Profile, tuning: Tuning = .automatic) throws
    -> OpenCLBackend
  {
    let backend = try OpenCLBackend(tuning: tuning, profile: profile)
    try backend.allocate(elements: 1 << 20)
    return backend
  }

  @Test func eventsTellWhenEachOperationRan() throws {
    let profile = Profile()
    let backend = try Self.backend(profile)
    backend.run(Self.dense)
    try backend.synchronize()
    #expect(profile.calls == 0, "nobody was recording")
    try profile.recording {
      for _ in 0..<20 {
        backend.run(Self.dense)
        backend.run(Self.sum, output: Self.sums)
      }
      try backend.synchronize()
    }
    #expect(profile.entries.map(\.kind.name) == ["dense", "sum rows"])
    #expect(profile.entries.map(\.calls) == [20, 20])
    #expect(profile.entries.allSatisfy { $0.nanoseconds > 0 })
    #expect(profile.operationSeconds <= profile.wallSeconds)
    #expect(profile.events.map(\.entry) == (0..<40).map { $0 % 2 })
    for (event, next) in zip(profile.events, profile.events.dropFirst()) {
      #expect(event.start <= event.end && event.end <= next.start)
    }
  }

  @Test func anOperationOfTwoKernelsIsOne() throws {
    let profile = Profile()
    let backend = try Self.backend(profile, tuning: .gpu)
    var tiling = try #require(backend.gpuTiling)
    func times(slices: Int) throws -> [Profile.Event] {
      tiling.choice = { _ in GPUVariant(.small, slices: slices) }
      backend.gpuTiling = tiling
      try backend.allocate(elements: 1 << 20)
      backend.run(Self.dense)
      try backend.synchronize()
      let before = profile.events.count
      try profile.recording {
        for _ in 0..<5 { backend.run(Self.dense) }
        try backend.synchronize()
      }
      return Array(profile.events.dropFirst(before))
    }
    #expect(try times(slices: 1).count == 5)
    let sliced = try times(slices: 4)
    #expect(sliced.count == 5 && profile.calls == 10)
    #expect(sliced.allSatisfy { $0.end > $0.start })
    #expect(zip(sliced, sliced.dropFirst()).allSatisfy { $0.end <= $1.start })
  }

  @Test func operationsOnNothingLeaveNoEvent() throws {
    let profile = Profile()
    let backend = try Self.backend(profile)
    let nothing = Tensor(offset: 0, rows: 0, columns: 4)
    try profile.recording {
      backend.run(Activate(input: nothing, activation: .relu, output: nothing))
      backend.run(Self.dense)
      try backend.synchronize()
    }
    #expect(profile.events.count == 1)
  }

  /// However long nobody synchronizes, events do not pile up, and none is lost.
  @Test func manyOperationsBetweenTwoSynchronizations() throws {
    let profile = Profile(eventLimit: 10)
    let backend = try Self.backend(profile)
    let count = 40_000
    try profile.recording {
      for _ in 0..<count { backend.run(Self.sum, output: Self.sums) }
      #expect(profile.calls > count / 2, "read before the synchronization")
      try backend.synchronize()
    }
    #expect(profile.calls == count)
    #expect(profile.events.count == 10)
    #expect(profile.operationSeconds <= profile.wallSeconds)
  }
}
