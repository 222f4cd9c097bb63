import Backend
import CVectorMath

/// The gradient of each slice of the examples.
struct GradientSlices: ParallelWork {
  let product: IndexedProduct
  let images: PaddedImages
  let group: Int
  let memory: ConvolutionMemory
  let rows: Int
  let slices: Int
  /// Coarse pixels of an image.
  let pixels: Int
  let fine: UnsafePointer<Float>
  let coarse: UnsafePointer<Float>
  let biasIsFine: Bool
  let partials: UnsafeMutablePointer<Float>
  let partialCount: Int

  func perform(_ part: Part) {
    let padded = memory[part]
    let weights = product.rows.count * product.columns
    images.clear(padded, group)
    for slice in part.share(of: slices) {
      let examples = Part(index: slice, count: slices).share(of: rows)
      let sums = partials + slice * partialCount
      if examples.isEmpty { sums.update(repeating: 0, count: weights) }
      ConvolutionLayout.forEachGroup(of: examples, limit: group) { group in
        images.copy(fine, group, into: padded)
        product.multiply(
          .init(left: padded, right: bands(of: group, beside: padded), result: sums),
          terms: group.count * pixels, accumulate: group.lowerBound > examples.lowerBound)
      }
      sumBias(examples, into: sums + weights)
    }
  }

  /// The coarse pixels of `group` in bands, which they are already where one band is full.
  private func bands(of group: Range<Int>, beside padded: UnsafeMutablePointer<Float>)
    -> UnsafePointer<Float>
  {
    let channels = product.columns
    let source = coarse + group.lowerBound * pixels * channels
    if channels == 16 || channels == 32 { return source }
    let (rows, bands) = (group.count * pixels, padded + self.group * images.count)
    vm_lay_bands(source, rows, channels, channels, 1, 0, rows, bands)
    return UnsafePointer(bands)
  }

  private func sumBias(_ examples: Range<Int>, into sums: UnsafeMutablePointer<Float>) {
    let shape = images.shape
    if !biasIsFine {
      vm_sum_columns(
        coarse + examples.lowerBound * pixels * product.columns, examples.count * pixels,
        product.columns, product.columns, sums)
    } else if shape.planes == 1 && shape.depth > 1 {
      vm_sum_columns(
        fine + examples.lowerBound * shape.count, examples.count * shape.pixels, shape.depth,
        shape.depth, sums)
    } else {
      sums.update(repeating: 0, count: shape.planes)
      for image in examples {
        for plane in 0..<shape.planes {
          var sum: Float = 0
          vm_sum_rows(fine + image * shape.count + plane * shape.pixels, 1, shape.pixels, &sum)
          sums[plane] += sum
        }
      }
    }
  }
}

/// The slices' gradients, added in their order.
struct SliceSums: ParallelWork {
  let slices: Int
  let partials: UnsafePointer<Float>
  let weights: Int
  let count: Int
  let weightGradient: UnsafeMutablePointer<Float>
  let biasGradient: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let share = part.share(of: weights, multiple: 16)
    vm_sum_columns(
      partials + share.lowerBound, slices, share.count, count, weightGradient + share.lowerBound)
    guard part.index == 0 else { return }
    vm_sum_columns(partials + weights, slices, count - weights, count, biasGradient)
  }
}
