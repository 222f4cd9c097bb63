import COpenBLAS

/// How much of a product OpenBLAS is handed at a time.
///
/// OpenBLAS rearranges both matrices for its large kernels. Where it has kernels for small matrices,
/// which it has for processors with AVX-512, it multiplies up to a million pairs where they lie
/// (`sgemm_small_matrix_permit`), and a product is cut into pieces of that size where that is the faster
/// (`vae bench --backend blas --matmul 128x784x400,250x784x250,128x3136x256`).
package struct Pieces {
  package let rows: Int
  package let columns: Int
  package let inner: Int

  /// The pieces of C = op(A)·op(B) with `columns` columns and sums of `inner` terms, or nil where OpenBLAS is better
  /// handed a thread's block as a whole.
  package init?(
    columns width: Int, inner depth: Int, leftForm: Product.Form, rightForm: Product.Form
  ) {
    guard Self.haveKernels, width > 0, depth > 0,
      Self.areFast(columns: width, inner: depth, leftForm, rightForm)
    else { return nil }
    // OpenBLAS leaves the kernels for a transposed op(B) no more than 1,200 elements of C.
    columns = min(width, rightForm == .plain ? 64 : 128)
    // Longer sums are cut into stretches of much the same length, each added to those before; but not those over
    // many examples, which took a quarter longer so.
    let longest = Self.limit / ((rightForm == .plain ? 16 : 8) * columns)
    let stretches = leftForm == .plain ? (depth - 1) / longest + 1 : 1
    inner = (depth - 1) / stretches + 1
    rows = rightForm == .plain ? min(Self.limit / inner / columns / 12, 4) * 12 : 8
    guard rows > 0 else { return nil }
  }

  /// Pairs of elements.
  package static let limit = 1_000_000

  /// Whether OpenBLAS has the kernels.
  package static let haveKernels = ["skylakex", "cooperlake", "sapphirerapids"].contains(
    String(cString: openblas_get_corename()).lowercased())

  /// Whether the kernels for small matrices are the faster.
  private static func areFast(
    columns: Int, inner: Int, _ leftForm: Product.Form, _ rightForm: Product.Form
  ) -> Bool {
    switch (leftForm, rightForm) {
    case (.plain, .plain):
      // Rows that are no whole cache lines long straddle them, and rows a multiple of 2 KiB apart share few of
      // the places of a core's own cache. What stays there gains all the same. Without large pages other
      // weights gain nothing, and lose nothing.
      Product.isNear(inner * columns) || columns % 16 == 0 && columns % 512 != 0
    case (.transposed, .plain):
      // The same of the nearest cache, where what is narrow stays anyhow.
      columns <= 64 || columns % 16 == 0 && columns % 256 != 0
    case (.plain, .transposed):
      // The kernels sum the lanes of a vector at the end, which has to be worth it.
      inner >= 256 && inner % 256 != 0
    case (.transposed, .transposed): false
    }
  }
}

extension Product {
  /// How it is cut.
  var pieces: Pieces? {
    Pieces(columns: columns, inner: inner, leftForm: leftForm, rightForm: rightForm)
  }

  /// Whether so many elements stay in a core's own cache.
  static func isNear(_ elements: Int) -> Bool { elements <= 1 << 16 }
}
