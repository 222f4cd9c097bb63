/// A matrix of 32-bit floats in a backend's arena: a handle, not the storage.
///
/// Elements lie row by row without gaps, so that a range of rows is a tensor too. Which precision
/// the storage really has is the backend's affair: the reference backend computes in `Double`.
public struct Tensor: Hashable, Sendable {
  /// Index of the first element in the arena.
  public let offset: Int
  /// Number of rows: the examples of a batch, or the inputs of a layer.
  public let rows: Int
  /// Number of columns: the features of an example, or the outputs of a layer.
  public let columns: Int

  /// A tensor of `rows × columns` elements from `offset` on.
  public init(offset: Int, rows: Int, columns: Int) {
    precondition(offset >= 0 && rows >= 0 && columns >= 0, "a tensor has no negative extent")
    self.offset = offset
    self.rows = rows
    self.columns = columns
  }

  /// Number of elements.
  public var count: Int { rows * columns }

  /// The arena's elements that belong to the tensor.
  public var range: Range<Int> { offset..<offset + count }

  /// The rows `range` of this tensor, sharing its storage.
  public subscript(rows range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the tensor")
    return Tensor(offset: offset + range.lowerBound * columns, rows: range.count, columns: columns)
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape, as it appears in error messages: `128×784`.
  public var description: String { "\(rows)×\(columns)" }
}

/// Lays tensors out in an arena, one behind the other.
///
/// The shapes of a variational autoencoder are known before the first step, so everything is placed
/// once and nothing is allocated while it trains.
public struct ArenaPlan: Sendable {
  /// Elements placed so far: what `Backend.allocate(elements:)` must provide.
  public private(set) var elements = 0

  /// Every tensor starts on a multiple of this many elements: 256 bytes, which suits the widest
  /// vector load, a cache line and a GPU's memory transaction.
  public static let alignment = 64

  /// An empty plan.
  public init() {}

  /// Places a tensor of `rows × columns` elements.
  public mutating func tensor(rows: Int, columns: Int) -> Tensor {
    let tensor = Tensor(offset: elements, rows: rows, columns: columns)
    elements += (tensor.count + Self.alignment - 1) / Self.alignment * Self.alignment
    return tensor
  }
}
