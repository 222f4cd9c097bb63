import COpenBLAS

/// How much of a product OpenBLAS is handed at a time.
///
/// OpenBLAS rearranges both matrices for its large kernels. Where it has kernels for small matrices,
/// which it has for processors with AVX-512, it multiplies up to a million pairs where they lie
/// (`sgemm_small_matrix_permit`). Cut into pieces of that size, some of a training step's products take
/// 0.5 to 0.9 of the time (`vae bench --backend blas`).
///
/// Multiples of 12 rows and 64 columns, whole tiles of those kernels, were the fastest of the shapes that were tried.
struct Pieces {
  let rows: Int
  let columns: Int

  /// The pieces of `product`, or nil where OpenBLAS is better handed a thread's block as a whole.
  init?(_ product: Product) {
    guard Self.haveKernels, product.inner > 0 else { return nil }
    let pairs = 1_000_000 / product.inner
    switch (product.leftForm, product.rightForm) {
    case (.plain, .plain):
      // Larger weights would come from afar column by column, where no prefetcher helps.
      guard product.rightIsNear else { return nil }
      columns = min(product.columns, 64)
      rows = min(pairs / columns / 12, 4) * 12
    case (.transposed, .plain):
      // Rows that are no whole cache lines long straddle them, and rows a power of two apart share few of
      // the cache's places. What is narrow stays in the nearest cache all the same.
      let isAligned = product.columns % 16 == 0 && product.columns % 256 != 0
      guard isAligned || product.columns <= 64 else { return nil }
      columns = min(product.columns, 64)
      rows = min(pairs / columns / 12, 4) * 12
    case (.plain, .transposed):
      // These kernels sum the lanes of a vector at the end, which has to be worth it; OpenBLAS leaves them no
      // more than 1,200 elements of C.
      guard product.inner >= 256, product.inner % 256 != 0 else { return nil }
      columns = min(product.columns, 128)
      rows = pairs / columns >= 8 ? 8 : 0
    case (.transposed, .transposed): return nil
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
}
