/// X̃ from X, a batch of images as `Gather` makes it, by the formula at `Corruption.Kind`; X̃ may be X.
///
/// Pixel j of row i takes element j of a sequence of its own, that of the example's number (row
/// `order[start + i]` of the data set, or `start + i` without an order): its noise is the same in
/// whichever batch and place the example comes.
public struct Corrupt: Operation {
  /// `corrupt`
  public static let name = "corrupt"
  /// What happens to a pixel.
  public let corruption: Corruption
  /// The batch's order, as `Gather` had it.
  public let order: IndexTable?
  /// X, M×D.
  public let input: Tensor
  /// X̃, M×D.
  public let output: Tensor

  /// Checks that the shapes fit.
  public init(corruption: Corruption, order: IndexTable?, input: Tensor, output: Tensor) {
    precondition(
      input.rows == output.rows && input.columns == output.columns,
      "corrupt: input and output have one shape")
    self.corruption = corruption
    self.order = order
    self.input = input
    self.output = output
  }

  /// The corruption and M×D.
  public var shapes: String { "\(corruption) \(input)" }

  /// Checks that the rows from `start` on are in the order.
  public func check(start: Int) {
    precondition(
      start >= 0 && start + output.rows <= order?.count ?? .max, "corrupt: rows outside the order")
  }
}

extension Noise {
  /// The sequence of one example: the low half of `step`, an epoch, with the example's number for its
  /// high half.
  public func ofExample(_ number: Int) -> Noise {
    var noise = self
    noise.step = step & 0xFFFF_FFFF | UInt64(number) << 32
    return noise
  }
}

extension Corrupt {
  /// Of each pixel a normal's 4 and σ·ε + x, or a multiplication; X read and X̃ written, and the order's M
  /// indices read.
  public var cost: OperationCost {
    let indices = order == nil ? 0 : output.rows * MemoryLayout<UInt32>.stride
    return OperationCost(
      operations: (corruption.kind == .gaussian ? OperationCost.normalOperations + 2 : 1)
        * output.count,
      elements: 2 * output.count) + OperationCost(operations: 0, bytes: indices)
  }
}
