import COpenBLAS

/// How much of a product OpenBLAS is handed at a time.
///
/// OpenBLAS rearranges both matrices for its large kernels. Where it has kernels for small matrices,
/// which it has for processors with AVX-512, it multiplies up to a million pairs where they lie
/// (`sgemm_small_matrix_permit`), and a product is cut into pieces of that size where that is the faster.
struct Pieces {
  let rows: Int
  let columns: Int

  /// The pieces of `product`, or nil where OpenBLAS is better handed a thread's block as a whole.
  init?(_ product: Product) {
    guard Self.haveKernels, product.inner > 0, product.isFastInPieces else { return nil }
    let pairs = 1_000_000 / product.inner
    switch product.rightForm {
    case .plain:
      columns = min(product.columns, 64)
      rows = min(pairs / columns / 12, 4) * 12
    case .transposed:
      // OpenBLAS leaves these kernels no more than 1,200 elements of C.
      columns = min(product.columns, 128)
      rows = pairs / columns >= 8 ? 8 : 0
    }
    guard rows > 0 else { return nil }
  }

  /// Whether OpenBLAS has the kernels.
  private static let haveKernels = ["skylakex", "cooperlake", "sapphirerapids"].contains(
    String(cString: openblas_get_corename()).lowercased())
}

extension Product {
  /// Whether all of op(B) stays in a core's own cache.
  var rightIsNear: Bool { inner * columns <= 1 << 16 }

  fileprivate var isFastInPieces: Bool {
    switch (leftForm, rightForm) {
    case (.plain, .plain):
      // Larger weights gain in a loop of the product alone, but not in a training step, which finds them further away.
      rightIsNear
    case (.transposed, .plain):
      // Rows that are no whole cache lines long straddle them, and rows a power of two apart share few of
      // the cache's places. What is narrow stays in the nearest cache all the same.
      columns <= 64 || columns % 16 == 0 && columns % 256 != 0
    case (.plain, .transposed):
      // The kernels sum the lanes of a vector at the end, which has to be worth it.
      inner >= 256 && inner % 256 != 0
    case (.transposed, .transposed): false
    }
  }
}
