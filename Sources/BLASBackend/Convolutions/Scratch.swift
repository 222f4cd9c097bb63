/// Host memory that grows to the most that was asked for, from the boundary of a cache line on.
final class Scratch {
  private var memory = Scratch.allocate(0)

  deinit { memory.deallocate() }

  func reserve(_ count: Int) -> UnsafeMutablePointer<Float> {
    if memory.count < count {
      memory.deallocate()
      memory = Self.allocate(count)
    }
    guard let address = memory.baseAddress else { preconditionFailure("memory has an address") }
    return address
  }

  private static func allocate(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self)
  }
}
