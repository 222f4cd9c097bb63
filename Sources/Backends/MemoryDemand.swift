/// What some work takes of a device's memory: buffers, each in one piece.
public struct MemoryDemand: Hashable, Sendable {
  /// Elements of the arena, in single precision.
  public var arena: Int
  /// Bytes of each table: data sets, labels, orders.
  public var tables: [Int]

  /// A demand.
  public init(arena: Int, tables: [Int] = []) {
    self.arena = arena
    self.tables = tables
  }

  private var buffers: [Int] { [arena * MemoryLayout<Float>.stride] + tables }

  /// Bytes in all.
  public var bytes: Int { buffers.reduce(0, +) }

  /// Bytes of the largest buffer.
  public var largestBuffer: Int { buffers.max() ?? 0 }
}
