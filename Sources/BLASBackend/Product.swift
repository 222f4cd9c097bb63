import COpenBLAS
import CVectorMath

/// C = op(A)·op(B), or C + op(A)·op(B), for row-major matrices without gaps, in blocks of C.
package struct Product: BitwiseCopyable {
  /// Whether op is the transposition.
  package enum Form: BitwiseCopyable {
    case plain
    case transposed
  }

  /// M, N and K: C is M×N.
  let rows: Int
  let columns: Int
  let inner: Int
  let left: UnsafePointer<Float>
  let leftForm: Form
  let right: UnsafePointer<Float>
  let rightForm: Form
  let result: UnsafeMutablePointer<Float>

  /// Multiplications and additions.
  var operations: Int { 2 * rows * columns * inner }

  /// A rectangle of C.
  struct Block {
    let rows: Range<Int>
    let columns: Range<Int>
    let start: Int
  }

  /// The part's block of C.
  ///
  /// Beside the product itself, a block of m×n costs its thread m·K elements of op(A) and K·n of op(B) to
  /// rearrange. C is cut along rows, columns or both such that this is least, where an element of
  /// op(A) counts for 2.5 of op(B): between 2 and 3 all of a training step's products are cut, for two
  /// threads, as is measured to be fastest. Where a product of A itself is done in pieces, which rearranges
  /// nothing, and all of op(B) stays in every thread's cache, rows alone are shared out.
  func block(_ part: Part) -> Block {
    let rowParts = rowParts(of: part.count)
    let columnParts = part.count / rowParts
    // Multiples of OpenBLAS's register tile, and of a cache line where two threads' blocks meet.
    let blockRows = Part(index: part.index / columnParts, count: rowParts)
      .share(of: rows, multiple: 4)
    let blockColumns = Part(index: part.index % columnParts, count: columnParts)
      .share(of: columns, multiple: 16)
    return Block(
      rows: blockRows, columns: blockColumns,
      start: blockRows.lowerBound * columns + blockColumns.lowerBound)
  }

  private func rowParts(of parts: Int) -> Int {
    if leftForm == .plain, Self.isNear(inner * columns), rows >= 8 * parts, pieces != nil {
      return parts
    }
    func cost(_ count: Int) -> Int { 5 * rows / count + 2 * columns * count / parts }
    var best = 1
    for count in 1...parts where parts % count == 0 && cost(count) < cost(best) { best = count }
    return best
  }

  /// Computes all of C, adding to what is there if `accumulate`.
  func multiply(accumulate: Bool) {
    multiply(
      Block(rows: 0..<rows, columns: 0..<columns, start: 0), accumulate: accumulate)
  }

  /// Computes a block of C, adding to what is there if `accumulate`.
  func multiply(_ block: Block, accumulate: Bool) {
    flushingSubnormals {
      guard let pieces else { return callSGEMM(block, 0..<inner, accumulate: accumulate) }
      for blockColumns in block.columns.pieces(of: pieces.columns) {
        for terms in (0..<inner).pieces(of: pieces.inner) {
          for blockRows in block.rows.pieces(of: pieces.rows) {
            let piece = Block(
              rows: blockRows, columns: blockColumns,
              start: blockRows.lowerBound * columns + blockColumns.lowerBound)
            callSGEMM(piece, terms, accumulate: accumulate || terms.lowerBound > 0)
          }
        }
      }
    }
  }

  /// Has OpenBLAS compute a block's sums over `terms`.
  private func callSGEMM(_ block: Block, _ terms: Range<Int>, accumulate: Bool) {
    guard !block.rows.isEmpty, !block.columns.isEmpty else { return }
    let leftStart = leftForm.offset(
      row: block.rows.lowerBound, column: terms.lowerBound, rows: rows, columns: inner)
    let rightStart = rightForm.offset(
      row: terms.lowerBound, column: block.columns.lowerBound, rows: inner, columns: columns)
    cblas_sgemm(
      CblasRowMajor, leftForm.transposition, rightForm.transposition,
      blasint(block.rows.count), blasint(block.columns.count), blasint(terms.count),
      1, left + leftStart, leftForm.stride(rows: rows, columns: inner),
      right + rightStart, rightForm.stride(rows: inner, columns: columns),
      accumulate ? 1 : 0, result + block.start, blasint(columns))
  }
}

extension Product.Form {
  fileprivate var transposition: CBLAS_TRANSPOSE { self == .plain ? CblasNoTrans : CblasTrans }

  /// Where the element at `row` and `column` of an op(matrix) of `rows` and `columns` lies in the matrix.
  fileprivate func offset(row: Int, column: Int, rows: Int, columns: Int) -> Int {
    self == .plain ? row * columns + column : column * rows + row
  }

  /// Elements from row to row of the matrix.
  fileprivate func stride(rows: Int, columns: Int) -> blasint {
    blasint(max(self == .plain ? columns : rows, 1))
  }
}

extension Range<Int> {
  /// The range in pieces of `length`, the last maybe shorter.
  fileprivate func pieces(of length: Int) -> some Sequence<Range<Int>> {
    stride(from: lowerBound, to: upperBound, by: length).lazy.map {
      $0..<Swift.min($0 + length, upperBound)
    }
  }
}

/// Has the calling thread take subnormal numbers for zero, which a product's bound allows, while `body` runs:
/// where importance weights vanish they made a product of matrices take nine times as long
/// (`vae train --data mnist --importance-samples 50 --profile F.json`).
@inline(__always)
func flushingSubnormals(_ body: () -> Void) {
  let before = vm_flush_subnormals()
  defer { vm_restore_subnormals(before) }
  body()
}

extension BLASBackend {
  /// Performs work that consists of `product` and what follows each of its blocks.
  func perform(_ work: some ParallelWork, _ product: Product) {
    perform(work, size: product.operations, grain: 1 << 18)
  }
}
