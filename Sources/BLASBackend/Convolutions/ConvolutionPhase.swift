import Backend
import CVectorMath

/// The fine pixels of a transposed convolution that the kernel reaches with the same taps: one in each
/// `stride` rows and columns. What they sum is a convolution of stride 1 over the coarse image.
struct ConvolutionPhase: BitwiseCopyable {
  /// From windows of the coarse images to fine pixels.
  let product: IndexedProduct
  /// Fine pixels of an image.
  let pixels: Int
  /// The first tap, which the last coarse pixel of a window belongs to; every `stride`-th follows.
  let first: (row: Int, column: Int)
  /// Taps.
  let taps: (rows: Int, columns: Int)

  /// The coarse images with all that fine pixels reach back to.
  static func coarseImages(of geometry: ConvolutionGeometry) -> PaddedImages {
    let (stride, padding) = (geometry.stride, geometry.padding)
    func after(_ fine: Int, _ coarse: Int) -> Int {
      max(0, (fine - 1 + padding) / stride - coarse + 1)
    }
    let (fine, coarse) = (geometry.fine, geometry.coarse)
    return PaddedImages(
      coarse, before: (geometry.kernel - 1) / stride,
      after: (after(fine.height, coarse.height), after(fine.width, coarse.width)))
  }

  /// The phases that have pixels, for groups of `images` images.
  static func all(
    of geometry: ConvolutionGeometry, coarse: PaddedImages, images: Int, in lists: OffsetLists
  ) -> [ConvolutionPhase] {
    (0..<geometry.stride * geometry.stride).compactMap { index in
      let first = (index / geometry.stride, index % geometry.stride)
      return ConvolutionPhase(
        first: first, of: geometry, coarse: coarse, images: images, in: lists)
    }
  }

  /// Elements of the weights in bands.
  var bandElements: Int {
    IndexedProduct.bandElements(rows: product.terms.count, columns: product.columns)
  }

  /// The weights of its taps, turned around as the window is: a row a coarse channel of a tap.
  func layBands(
    of weights: UnsafePointer<Float>, stride: Int, kernel: Int,
    into bands: UnsafeMutablePointer<Float>
  ) {
    let tapCount = taps.rows * taps.columns
    guard tapCount > 0 else { return }
    let (depth, channels) = (product.columns, product.terms.count / tapCount)
    for tap in 0..<tapCount {
      let row = first.row + stride * (taps.rows - 1 - tap / taps.columns)
      let column = first.column + stride * (taps.columns - 1 - tap % taps.columns)
      vm_lay_bands(
        weights + (row * kernel + column) * depth * channels, channels, depth, 1, channels,
        tap * channels, product.terms.count, bands)
    }
  }

  private init?(
    first: (row: Int, column: Int), of geometry: ConvolutionGeometry, coarse: PaddedImages,
    images: Int, in lists: OffsetLists
  ) {
    let fine = geometry.fine
    let rows = Axis(first: first.row, of: geometry, size: fine.height, before: coarse.before)
    let columns = Axis(first: first.column, of: geometry, size: fine.width, before: coarse.before)
    (pixels, self.first) = (rows.fine.count * columns.fine.count, first)
    taps = (rows.taps, columns.taps)
    guard pixels > 0 else { return nil }

    var (corners, results): ([Int], [Int]) = ([], [])
    for image in 0..<images {
      for (row, top) in zip(rows.fine, rows.corners) {
        for (column, left) in zip(columns.fine, columns.corners) {
          corners.append(image * coarse.count + coarse.offset(row: top, column: left))
          results.append(
            image * fine.count + fine.index(channel: 0, row: row, column: column))
        }
      }
    }
    var terms: [Int] = []
    for row in 0..<taps.rows {
      let run = coarse.offset(row: row, column: 0)
      terms += run..<run + taps.columns * coarse.shape.depth
    }
    product = IndexedProduct(
      rows: lists.store(corners), terms: lists.store(terms), columns: fine.depth,
      results: lists.store(results))
  }
}

/// A phase along one axis.
private struct Axis {
  let taps: Int
  /// The fine pixels.
  let fine: [Int]
  /// Where their windows begin in the padded coarse image.
  let corners: [Int]

  /// Fine pixel v is reached by the taps i with v + padding − i = stride · y, from coarse pixel y.
  init(first: Int, of geometry: ConvolutionGeometry, size: Int, before: Int) {
    let (stride, padding) = (geometry.stride, geometry.padding)
    let taps = max(0, (geometry.kernel - first + stride - 1) / stride)
    self.taps = taps
    fine = (0..<size).filter { ($0 + padding) % stride == first }
    corners = fine.map { taps == 0 ? 0 : ($0 + padding) / stride - (taps - 1) + before }
  }
}
