import Backend

/// Every operation in `Double` with a bound on how far single precision may be off: what any other
/// backend's results are held against.
///
/// An operation on uploaded inputs gives the bounds of that operation alone. Errors are carried on from
/// one operation to the next; through a whole training step such worst cases soon say nothing.
final class BoundedBackend: Backend {
  private var arena: [Bounded] = []
  private var pixelTables: [[UInt8]] = []
  private var indexTables: [[UInt32]] = []

  /// The last matrix product, for its statistics.
  var product: MatrixProduct?

  let name = "bounds"
  let device = "Double with running error analysis"

  func allocate(elements: Int) throws {
    arena = [Bounded](repeating: Bounded(exactly: 0), count: elements)
    product = nil
  }

  func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
    set(tensor, to: values.map { Bounded($0) })
  }

  func download(_ tensor: Tensor, into values: UnsafeMutableBufferPointer<Float>) throws {
    for (index, element) in self[tensor].enumerated() { values[index] = Float(element.value) }
  }

  func synchronize() throws {}

  func makePixelTable(_ pixels: UnsafeBufferPointer<UInt8>, columns: Int) throws -> PixelTable {
    pixelTables.append(Array(pixels))
    return PixelTable(
      identifier: pixelTables.count - 1, rows: pixels.count / columns, columns: columns)
  }

  func makeIndexTable(count: Int) throws -> IndexTable {
    indexTables.append([UInt32](repeating: 0, count: count))
    return IndexTable(identifier: indexTables.count - 1, count: count)
  }

  func upload(_ indices: [UInt32], to table: IndexTable) {
    indexTables[table.identifier].replaceSubrange(0..<indices.count, with: indices)
  }

  /// A tensor's elements, row by row.
  subscript(tensor: Tensor) -> [Bounded] { Array(arena[tensor.range]) }

  /// Sets a tensor's elements, row by row.
  func set(_ tensor: Tensor, to elements: [Bounded]) {
    precondition(elements.count == tensor.count, "as many values as elements")
    arena.replaceSubrange(tensor.range, with: elements)
  }

  /// The rows that an order names.
  func indices(of table: IndexTable) -> [UInt32] { indexTables[table.identifier] }

  /// Sets a tensor's elements by a formula.
  func fill(_ tensor: Tensor, _ element: (Int) -> Bounded) {
    for index in 0..<tensor.count { arena[tensor.offset + index] = element(index) }
  }

  func run(_ operation: Gather, start: Int) {
    operation.check(start: start)
    let columns = operation.output.columns
    let pixels = pixelTables[operation.pixels.identifier]
    let order = operation.order.map { indexTables[$0.identifier] }
    fill(operation.output) { index in
      let row = order.map { Int($0[start + index / columns]) } ?? start + index / columns
      let pixel = Bounded(exactly: Double(pixels[row * columns + index % columns]))
      // Zero is zero by division and by multiplication alike.
      return pixel.value == 0 ? pixel : pixel / Bounded(exactly: 255)
    }
  }

  func run(_ operation: Binarize, start: Int, noise: Noise) {
    operation.check(start: start)
    let (images, columns) = (self[operation.images], operation.images.columns)
    let order = operation.order.map { indexTables[$0.identifier] }
    fill(operation.images) { index in
      let position = start + index / columns
      let example = order.map { Int($0[position]) } ?? position
      let word = noise.word(4 * Binarize.blocks(columns: columns) * example + index % columns)
      let level = UInt8((images[index].value * 255).rounded())
      return Bounded(exactly: Binarize.isWhite(level, word: word) ? 1 : 0)
    }
  }

  func run(_ operation: CopyColumns) {
    let (input, output) = (self[operation.input], self[operation.output])
    let columns = operation.position..<operation.position + operation.columns.count
    fill(operation.output) { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: operation.output.columns)
      guard columns.contains(column) else { return output[index] }
      return input[
        row * operation.input.columns + operation.columns.lowerBound + column - operation.position]
    }
  }

  func run(_ operation: RandomFill, noise: Noise) {
    fill(operation.output) { index in
      switch operation.distribution {
      case .normal: noise.boundedNormal(index)
      case .uniform: Bounded(exactly: Double(noise.word(index) >> 8) * 0x1p-24)
      case .words:
        Bounded(exactly: Double((noise.word(index / 2) >> UInt32(index % 2 * 16)) & 0xFFFF))
      }
    }
  }
}
