import Backend

/// A convolution and its transposition as matrix products: where everything lies.
///
/// The left matrices are never laid out. What a kernel covers at one pixel and what it covers at another
/// differ by an offset into the image, so that an element's place is the sum of its pixel's offset and its
/// tap's.
final class ConvolutionLayout {
  let geometry: ConvolutionGeometry
  /// Images of a group, which a thread's cache holds with all that becomes of them.
  let group: Int
  /// The fine images as a convolution sees them.
  let fine: PaddedImages
  /// From windows of the fine images to coarse pixels.
  let convolution: IndexedProduct
  /// From the same windows and coarse pixels to the weights' gradient: the pixels are the terms.
  let gradient: IndexedProduct
  /// The coarse images as a transposed convolution sees them.
  let coarse: PaddedImages
  /// How the fine pixels are found.
  let transposition: Transposition

  enum Transposition {
    /// Those that the kernel reaches with the same taps, together.
    case phases([ConvolutionPhase])
    /// By a product of coarse pixels and weights, with a column for each of the kernel's values, which are
    /// then added up where they lie.
    ///
    /// For pixels narrower than a vector: padded to a whole one, they take longer than the addition.
    case folded(IndexedProduct)
  }

  private let lists = OffsetLists()

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let (fineShape, coarseShape, kernel) = (geometry.fine, geometry.coarse, geometry.kernel)
    let (stride, padding) = (geometry.stride, geometry.padding)
    fine = PaddedImages(fineShape, before: padding, after: (padding, padding))
    coarse = ConvolutionPhase.coarseImages(of: geometry)
    // 512 KiB: a quarter or more of a second-level cache, beside a band's part of the weights.
    group = max(1, (1 << 17) / (fine.count + coarse.count))

    var corners: [Int] = []
    for image in 0..<group {
      for row in 0..<coarseShape.height {
        for column in 0..<coarseShape.width {
          corners.append(
            image * fine.count + fine.offset(row: row * stride, column: column * stride))
        }
      }
    }
    var taps: [Int] = []
    for plane in 0..<fineShape.planes {
      for row in 0..<kernel {
        let run = fine.offset(plane: plane, row: row, column: 0)
        taps += run..<run + kernel * fineShape.depth
      }
    }
    let channels = coarseShape.channels
    let pixels = lists.store(corners)
    let patch = lists.store(taps)
    let rows = lists.store((0..<max(corners.count, taps.count)).map { $0 * channels })
    convolution = IndexedProduct(rows: pixels, terms: patch, columns: channels, results: rows)
    gradient = IndexedProduct(rows: patch, terms: pixels, columns: channels, results: rows)

    if fineShape.depth >= 16 {
      transposition = .phases(
        ConvolutionPhase.all(of: geometry, coarse: coarse, images: group, in: lists))
    } else {
      transposition = .folded(
        IndexedProduct(
          rows: Offsets(base: rows.base, count: corners.count),
          terms: lists.store(Array(0..<channels)), columns: geometry.patch,
          results: lists.store(corners.indices.map { $0 * geometry.patch })))
    }
  }

  /// `images` in groups that differ by one at most.
  static func forEachGroup(of images: Range<Int>, limit: Int, _ body: (Range<Int>) -> Void) {
    let groups = (images.count + limit - 1) / limit
    for index in 0..<groups {
      let share = Part(index: index, count: groups).share(of: images.count)
      body(images.lowerBound + share.lowerBound..<images.lowerBound + share.upperBound)
    }
  }
}
