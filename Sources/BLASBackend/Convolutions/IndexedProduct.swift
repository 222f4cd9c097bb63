import CVectorMath

/// The form of a matrix product of `vm_multiply_indexed`, whose left matrix is windows into images.
struct IndexedProduct: BitwiseCopyable {
  /// Where the left matrix's rows begin, and where in each of them its elements lie.
  let rows, terms: Offsets
  /// N.
  let columns: Int
  /// Where the rows of the result begin.
  let results: Offsets

  /// The matrices.
  struct Operands: BitwiseCopyable {
    let left: UnsafePointer<Float>
    /// In bands.
    let right: UnsafePointer<Float>
    let result: UnsafeMutablePointer<Float>
  }

  /// The product of the first `rows` rows, added to `start` in each of them.
  func multiply(_ operands: Operands, rows: Int, start: UnsafePointer<Float>?) {
    multiply(operands, rows: rows, terms: terms.count, start: start, accumulate: false)
  }

  /// The product of the first `terms` terms of each row, added to what is there if `accumulate`.
  func multiply(_ operands: Operands, terms: Int, accumulate: Bool) {
    multiply(operands, rows: rows.count, terms: terms, start: nil, accumulate: accumulate)
  }

  private func multiply(
    _ operands: Operands, rows rowCount: Int, terms termCount: Int, start: UnsafePointer<Float>?,
    accumulate: Bool
  ) {
    var product = vm_indexed_product(
      left: operands.left, rows: rows.base, terms: terms.base, row_count: rowCount,
      term_count: termCount, right: operands.right, columns: columns, result: operands.result,
      results: results.base)
    flushingSubnormals { vm_multiply_indexed(&product, start, accumulate) }
  }

  /// Elements of a right matrix of `rows` rows and `columns` columns in bands.
  static func bandElements(rows: Int, columns: Int) -> Int { rows * ((columns + 15) / 16 * 16) }
}

/// A list of offsets in memory that its `OffsetLists` owns.
struct Offsets: BitwiseCopyable {
  let base: UnsafePointer<Int>
  let count: Int
}

/// Lists of offsets that stay where they are as long as their owner.
final class OffsetLists {
  private var lists: [UnsafeMutableBufferPointer<Int>] = []

  deinit { for list in lists { list.deallocate() } }

  func store(_ offsets: [Int]) -> Offsets {
    let list = UnsafeMutableBufferPointer<Int>.allocate(capacity: max(offsets.count, 1))
    _ = list.update(fromContentsOf: offsets)
    lists.append(list)
    guard let base = list.baseAddress else { preconditionFailure("memory has an address") }
    return Offsets(base: base, count: offsets.count)
  }
}
