/// A group of fine images after the other: padded, multiplied and finished while it is in cache.
struct ConvolutionForward: ParallelWork {
  let product: IndexedProduct
  let images: PaddedImages
  let group: Int
  let memory: ConvolutionMemory
  let rows: Int
  /// Coarse pixels of an image.
  let pixels: Int
  let input: UnsafePointer<Float>
  let epilogue: Epilogue
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let (padded, count) = (memory[part], pixels * product.columns)
    images.clear(padded, group)
    ConvolutionLayout.forEachGroup(of: part.share(of: rows), limit: group) { group in
      images.copy(input, group, into: padded)
      let start = group.lowerBound * count
      product.multiply(
        .init(left: padded, right: memory.shared, result: output + start),
        rows: group.count * pixels, start: epilogue.bias)
      epilogue.finish(output, start, group.count * count)
    }
  }
}
