import Backend

/// The oracle: every operation in `Double`, as plain loops that follow its formula, without any speed.
///
/// What the other backends compute in single precision is held against this one; `--backend auto`
/// never chooses it.
public final class ReferenceBackend: Backend {
  var arena: [Double] = []
  var pixelTables: [[UInt8]] = []
  var indexTables: [[UInt32]] = []

  /// A backend with an empty arena.
  public init() {}

  /// `reference`
  public let name = "reference"

  /// What computes.
  public let device = "Double, plain Swift loops"

  public func allocate(elements: Int) throws {
    arena = [Double](repeating: 0, count: elements)
  }

  public func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
    precondition(values.count == tensor.count, "upload: as many values as elements")
    for (index, value) in zip(tensor.range, values) { arena[index] = Double(value) }
  }

  public func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws {
    precondition(values.count == tensor.count, "download: as many values as elements")
    for (index, element) in tensor.range.enumerated() { values[index] = Float(arena[element]) }
  }

  public func synchronize() throws {}

  public func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws
    -> PixelTable
  {
    pixelTables.append(Array(pixels))
    return PixelTable(
      identifier: pixelTables.count - 1, rows: pixels.count / columns, columns: columns)
  }

  public func makeIndexTable(count: Int) throws -> IndexTable {
    indexTables.append([UInt32](repeating: 0, count: count))
    return IndexTable(identifier: indexTables.count - 1, count: count)
  }

  public func upload(_ indices: [UInt32], to table: IndexTable) {
    precondition(indices.count <= table.count, "upload: no more indices than the table holds")
    indexTables[table.identifier].replaceSubrange(0..<indices.count, with: indices)
  }

  /// The unrounded elements of `tensor`, row by row.
  public func values(of tensor: Tensor) -> [Double] { Array(arena[tensor.range]) }

  /// Sets `tensor` to unrounded values.
  public func set(_ tensor: Tensor, to values: [Double]) {
    precondition(values.count == tensor.count, "set: as many values as elements")
    arena.replaceSubrange(tensor.range, with: values)
  }
}

extension ReferenceBackend {
  /// A tensor's element, for formulas.
  subscript(tensor: Tensor, row: Int, column: Int) -> Double {
    get { arena[tensor.offset + row * tensor.columns + column] }
    set { arena[tensor.offset + row * tensor.columns + column] = newValue }
  }

  /// A tensor's element in row order, for formulas.
  subscript(tensor: Tensor, index: Int) -> Double {
    get { arena[tensor.offset + index] }
    set { arena[tensor.offset + index] = newValue }
  }
}
