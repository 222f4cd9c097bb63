/// The least that an operation takes: what a measured time is held against.
public struct OperationCost: Hashable, Codable, Sendable {
  /// Floating-point operations: each addition, multiplication, division, root, exponential and logarithm
  /// of the operation's formula is one. Of a matrix product only its 2·M·K·N multiplications and
  /// additions count, as is usual, and of random numbers not Philox's integers.
  public var operations: Int
  /// Bytes moved, in single precision: every input read once and every output written once.
  public var bytes: Int

  /// A cost.
  public init(operations: Int, bytes: Int) {
    self.operations = operations
    self.bytes = bytes
  }

  init(operations: Int, elements: Int) {
    self.init(operations: operations, bytes: elements * MemoryLayout<Float>.stride)
  }

  /// Nothing.
  public static let zero = OperationCost(operations: 0, bytes: 0)

  /// One after the other.
  public static func + (left: OperationCost, right: OperationCost) -> OperationCost {
    OperationCost(
      operations: left.operations + right.operations, bytes: left.bytes + right.bytes)
  }

  /// `count` times.
  public static func * (count: Int, cost: OperationCost) -> OperationCost {
    OperationCost(operations: count * cost.operations, bytes: count * cost.bytes)
  }
}

extension OperationCost {
  /// Of a normal: ln, root, cosine or sine and multiplications of a pair of them, by two.
  static let normalOperations = 4
  /// Of a parameter and Adam's step: 3 for m, 4 for v, 6 for θ.
  static let adamOperations = 13
}
