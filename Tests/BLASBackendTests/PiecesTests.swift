import BLASBackend
import Testing

@Suite(
  .enabled(if: Pieces.haveKernels, "OpenBLAS has kernels for small matrices with AVX-512 alone"))
struct PiecesTests {
  private static let widths = Array(1...300) + [320, 400, 784, 1000, 1024, 1280, 3136, 4096]
  private static let depths = [
    1, 31, 128, 255, 256, 257, 784, 976, 977, 1025, 4097, 65_537, 2_000_000,
  ]

  @Test(
    "A piece is no larger than OpenBLAS's kernels for small matrices take",
    arguments: [
      (Product.Form.plain, Product.Form.plain), (.transposed, .plain), (.plain, .transposed),
    ])
  func limits(left: Product.Form, right: Product.Form) {
    var count = 0
    for width in Self.widths {
      for depth in Self.depths {
        guard
          let pieces = Pieces(columns: width, inner: depth, leftForm: left, rightForm: right)
        else { continue }
        count += 1
        #expect(pieces.rows > 0 && pieces.columns > 0 && pieces.inner > 0)
        #expect(pieces.columns <= width && pieces.inner <= depth)
        #expect(pieces.rows * pieces.columns * pieces.inner <= Pieces.limit)
        if right == .transposed { #expect(pieces.rows * pieces.columns <= 1200) }
        if left == .transposed { #expect(pieces.inner == depth) }
      }
    }
    #expect(count > 500)
  }

  @Test("Both presets' long sums are done where they lie")
  func presets() {
    func pieces(_ columns: Int, _ inner: Int, _ right: Product.Form) -> Pieces? {
      Pieces(columns: columns, inner: inner, leftForm: .plain, rightForm: right)
    }
    #expect(pieces(400, 784, .plain)?.inner == 784)
    #expect(pieces(256, 3136, .plain)?.inner == 784)
    #expect(pieces(256, 3136, .transposed)?.inner == 784)
    // Every second line of 4 KiB falls on the same places of a cache.
    #expect(pieces(1024, 784, .plain) == nil)
  }
}
