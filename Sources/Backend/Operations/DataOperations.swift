/// A minibatch out of a resident table of pixels: row i of X is row `order[start + i]` ÷ 255, or row
/// `start + i` without an order.
public struct Gather: Operation {
  /// `gather`
  public static let name = "gather"
  /// The data set.
  public let pixels: PixelTable
  /// Which rows, in which order; `nil` for the table's own.
  public let order: IndexTable?
  /// X, M×D.
  public let output: Tensor

  /// Checks that the shapes fit.
  public init(pixels: PixelTable, order: IndexTable?, output: Tensor) {
    precondition(output.columns == pixels.columns, "gather: a column a pixel")
    self.pixels = pixels
    self.order = order
    self.output = output
  }

  /// M×D
  public var shapes: String { "\(output)" }

  /// Checks that the rows from `start` on are there: what lies beyond a table is nobody's.
  public func check(start: Int) {
    precondition(
      start >= 0 && start + output.rows <= order?.count ?? pixels.rows,
      "gather: rows outside the table")
  }
}

/// Random numbers: element i of the tensor is element i of a `Noise` given when the operation runs.
public struct RandomFill: Operation {
  /// `random fill`
  public static let name = "random fill"
  /// How words become numbers.
  public let distribution: Distribution
  /// The tensor to fill.
  public let output: Tensor

  /// Fills `output` from `distribution`.
  public init(distribution: Distribution, output: Tensor) {
    self.distribution = distribution
    self.output = output
  }

  /// The distribution and the shape.
  public var shapes: String { "\(distribution) \(output)" }
}
