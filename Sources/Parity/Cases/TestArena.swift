import Backend

/// A case's arena before the operation runs: its tensors' contents, with guard regions around every
/// one of them.
///
/// Guards hold numbers that differ from place to place and that no formula leaves as they are; they
/// are huge, so that one read by mistake shows. Outputs hold a NaN of their own, so that an element
/// nobody writes shows too, and so does one that was added to instead of overwritten.
struct TestArena {
  /// A tensor and what the operation knows it as.
  struct Entry {
    let name: String
    let tensor: Tensor
  }

  private(set) var contents: [Float]
  private(set) var entries: [Entry] = []
  /// How many elements tensors lie behind the alignment that a planned arena gives them, as a range
  /// of rows may.
  private let skew: Int

  /// An arena whose tensors begin `skew` elements behind a multiple of `ArenaPlan.alignment`.
  init(skew: Int = 0) {
    self.skew = skew
    contents = (0..<ArenaPlan.alignment).map(Self.guardValue)
  }

  /// What an output holds beforehand.
  static let unwritten = Float(bitPattern: 0x7FC5_A5A5)

  /// What a guard holds at `index`: from −2⁶² to −2⁶¹.
  private static func guardValue(_ index: Int) -> Float {
    Float(bitPattern: 0xDE00_0000 | (UInt32(truncatingIfNeeded: index) &* 0x9E_3779) & 0x7F_FFFF)
  }

  /// Places a tensor that holds `values`.
  mutating func input(_ name: String, rows: Int, columns: Int, _ values: [Float]) -> Tensor {
    precondition(values.count == rows * columns, "as many values as elements")
    let tensor = Tensor(offset: contents.count + skew, rows: rows, columns: columns)
    appendGuard(to: tensor.offset)
    contents += values
    let end = contents.count
    appendGuard(to: (end / ArenaPlan.alignment + 2) * ArenaPlan.alignment)
    entries.append(Entry(name: name, tensor: tensor))
    return tensor
  }

  /// Places a tensor for a result.
  mutating func output(_ name: String, rows: Int, columns: Int) -> Tensor {
    input(
      name, rows: rows, columns: columns,
      [Float](repeating: Self.unwritten, count: rows * columns))
  }

  private mutating func appendGuard(to end: Int) {
    while contents.count < end { contents.append(Self.guardValue(contents.count)) }
  }

  /// The whole arena as one tensor.
  var everything: Tensor { Tensor(offset: 0, rows: 1, columns: contents.count) }

  /// A tensor's elements.
  func values(of tensor: Tensor) -> [Float] { Array(contents[tensor.range]) }

  /// An element of an input, as a formula takes it.
  subscript(tensor: Tensor, index: Int) -> Bounded { Bounded(contents[tensor.offset + index]) }

  /// What a person would call element `index`.
  func place(of index: Int) -> String {
    if let entry = entries.first(where: { $0.tensor.range.contains(index) }) {
      let offset = index - entry.tensor.offset
      return "\(entry.name)[\(offset / entry.tensor.columns), \(offset % entry.tensor.columns)]"
    }
    let before = entries.last { $0.tensor.range.upperBound <= index }
    return before.map { "\(index - $0.tensor.range.upperBound + 1) behind the end of \($0.name)" }
      ?? "\(index), ahead of every tensor"
  }
}
