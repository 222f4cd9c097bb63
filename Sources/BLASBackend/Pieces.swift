import COpenBLAS

/// How much of a product OpenBLAS is handed at a time.
///
/// OpenBLAS rearranges both matrices for its large kernels. Where it has kernels for small matrices,
/// which it has for processors with AVX-512, it multiplies up to a million pairs where they lie
/// (`sgemm_small_matrix_permit`), and a product is cut into pieces of that size where that is the faster.
struct Pieces {
  let rows: Int
  let columns: Int
  let inner: Int

  /// The pieces of `product`, or nil where OpenBLAS is better handed a thread's block as a whole.
  init?(_ product: Product) {
    guard Self.haveKernels, product.inner > 0, product.isFastInPieces else { return nil }
    // Long sums in parts of much the same length, each added to those before: not those of many examples, where
    // the part of op(A) would come from afar each time.
    let parts = product.leftForm == .plain ? (product.inner - 1) / Self.longest + 1 : 1
    inner = (product.inner - 1) / parts + 1
    let pairs = Self.limit / inner
    switch product.rightForm {
    case .plain:
      columns = min(product.columns, 64)
      rows = min(pairs / columns / 12, 4) * 12
    case .transposed:
      // OpenBLAS leaves these kernels no more than 1,200 elements of C.
      columns = min(product.columns, 128)
      rows = 8
    }
    guard rows > 0 else { return nil }
  }

  private static let limit = 1_000_000
  /// The longest sums for which 8 rows and 128 columns are a piece.
  private static let longest = limit / (8 * 128)

  /// Whether OpenBLAS has the kernels.
  private static let haveKernels = ["skylakex", "cooperlake", "sapphirerapids"].contains(
    String(cString: openblas_get_corename()).lowercased())
}

extension Product {
  /// Whether all of op(B) stays in a core's own cache.
  var rightIsNear: Bool { inner * columns <= 1 << 16 }

  /// Rows that are no whole cache lines long straddle them, and rows a power of two apart share few of a
  /// cache's places: of a core's own for both, and of the nearest for a parameter gradient, which walks down both of its
  /// matrices.
  fileprivate var isFastInPieces: Bool {
    switch (leftForm, rightForm) {
    case (.plain, .plain): rightIsNear || columns % 16 == 0 && columns % 512 != 0
    case (.transposed, .plain): columns <= 64 || columns % 16 == 0 && columns % 256 != 0
    case (.plain, .transposed):
      // The kernels sum the lanes of a vector at the end, which has to be worth it.
      inner >= 256 && inner % 256 != 0
    case (.transposed, .transposed): false
    }
  }
}
