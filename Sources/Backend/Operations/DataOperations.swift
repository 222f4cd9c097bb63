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

/// Grey pixels drawn to black or white, each white with its intensity for a probability, where they stand.
///
/// A pixel of p/255 becomes 1 if 255·⌊w/2⁸⌋ < 2²⁴·p, else 0: a comparison of integers, the same on every
/// backend. w is word ⌈D/4⌉·4·i + j of a `Noise` given when the operation runs, for pixel j of example i of
/// the data set, wherever in a batch the example stands.
public struct Binarize: Operation {
  /// `binarize`
  public static let name = "binarize"
  /// M×D, as `Gather` left it.
  public let images: Tensor
  /// Which examples they are, as in `Gather`.
  public let order: IndexTable?

  /// Binarizes `images`.
  public init(images: Tensor, order: IndexTable?) {
    self.images = images
    self.order = order
  }

  /// Whether a pixel becomes white by word `word`.
  public static func isWhite(_ pixel: UInt8, word: UInt32) -> Bool {
    255 * (word >> 8) < UInt32(pixel) << 24
  }

  /// Blocks of four words that an example of `columns` pixels takes.
  public static func blocks(columns: Int) -> Int { (columns + 3) / 4 }

  /// M×D
  public var shapes: String { "\(images)" }

  /// Checks that the order has the rows from `start` on.
  public func check(start: Int) {
    precondition(
      start >= 0 && start + images.rows <= order?.count ?? .max, "binarize: rows outside the order")
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

extension Gather {
  /// A division a pixel; a byte read and a number written a pixel, and the order's M indices.
  public var cost: OperationCost {
    let indices = order == nil ? 0 : output.rows * MemoryLayout<UInt32>.stride
    return OperationCost(operations: output.count, elements: output.count)
      + OperationCost(operations: 0, bytes: output.count + indices)
  }
}

extension Binarize {
  /// A multiplication to whole levels and a comparison a pixel; each read and written, and the order's M
  /// indices.
  public var cost: OperationCost {
    OperationCost(
      operations: 2 * images.count, elements: 2 * images.count + (order == nil ? 0 : images.rows))
  }
}

extension RandomFill {
  /// Box and Muller's 4 a normal, a multiplication a uniform number, none a word; all written.
  public var cost: OperationCost {
    let operations =
      switch distribution {
      case .normal: OperationCost.normalOperations
      case .uniform: 1
      case .words: 0
      }
    return OperationCost(operations: operations * output.count, elements: output.count)
  }
}
