/// The sums of squares of a tensor's consecutive blocks of `block` elements, the last one with what is left:
/// the first stage of ‖x‖², whose order the size alone fixes.
public struct SumSquares: Operation {
  /// `sum squares`
  public static let name = "sum squares"
  /// Elements of a block.
  public static let block = 4096
  /// N elements.
  public let input: Tensor
  /// ⌈N/block⌉ values.
  public let sums: Tensor

  /// Checks that the sizes fit.
  public init(input: Tensor, sums: Tensor) {
    precondition(
      sums.count == Self.blocks(of: input.count), "sum squares: one sum a block")
    self.input = input
    self.sums = sums
  }

  /// How many blocks `count` elements make.
  public static func blocks(of count: Int) -> Int { (count + block - 1) / block }

  /// The elements of block `index` of `count`.
  package static func elements(ofBlock index: Int, of count: Int) -> Range<Int> {
    index * block..<min((index + 1) * block, count)
  }

  /// N
  public var shapes: String { "\(input.count)" }
}

/// Scales a tensor down to a norm of at most `limit` (Pascanu et al. 2013, algorithm 1):
/// x ← x·limit/‖x‖ where ‖x‖ > limit, and x as it is elsewhere.
///
/// An infinite norm makes finite elements zero; one that is NaN leaves x, where the NaN is, as it is.
public struct ClipByNorm: Operation {
  /// `clip by norm`
  public static let name = "clip by norm"
  /// x.
  public let tensor: Tensor
  /// What ‖x‖ may be.
  public let limit: Float

  /// A limit above zero.
  public init(_ tensor: Tensor, limit: Float) {
    precondition(limit > 0, "clip by norm: the limit is above zero")
    self.tensor = tensor
    self.limit = limit
  }

  /// The number of elements.
  public var shapes: String { "\(tensor.count)" }
}

extension SumSquares {
  /// 2 an element; N read, a value a block written.
  public var cost: OperationCost {
    OperationCost(operations: 2 * input.count, elements: input.count + sums.count)
  }
}

extension ClipByNorm {
  /// Where it clips, a multiplication an element; x and ‖x‖² read, x written.
  public var cost: OperationCost {
    OperationCost(operations: tensor.count, elements: 2 * tensor.count + 1)
  }
}
