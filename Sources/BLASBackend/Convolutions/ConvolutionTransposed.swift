import Backend
import CVectorMath

/// A transposed convolution phase by phase.
struct ConvolutionPhases: ParallelWork {
  let phases: UnsafeBufferPointer<ConvolutionPhase>
  let images: PaddedImages
  let group: Int
  let memory: ConvolutionMemory
  let rows: Int
  /// Elements of a fine image.
  let fineCount: Int
  let input: UnsafePointer<Float>
  let epilogue: Epilogue
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let padded = memory[part]
    images.clear(padded, group)
    ConvolutionLayout.forEachGroup(of: part.share(of: rows), limit: group) { group in
      images.copy(input, group, into: padded)
      let start = group.lowerBound * fineCount
      var right = UnsafePointer(memory.shared)
      for phase in phases {
        phase.product.multiply(
          .init(left: padded, right: right, result: output + start),
          rows: group.count * phase.pixels, start: epilogue.bias)
        right += phase.bandElements
      }
      epilogue.finish(output, start, group.count * fineCount)
    }
  }
}

/// A transposed convolution into few channels: what each coarse pixel adds to the fine ones, then the
/// additions.
struct ConvolutionFolded: ParallelWork {
  let product: IndexedProduct
  let geometry: vm_convolution
  let group: Int
  let memory: ConvolutionMemory
  let rows: Int
  let coarse: ImageShape
  let fine: ImageShape
  let input: UnsafePointer<Float>
  let epilogue: Epilogue
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let columns = memory[part]
    ConvolutionLayout.forEachGroup(of: part.share(of: rows), limit: group) { group in
      product.multiply(
        .init(
          left: input + group.lowerBound * coarse.count, right: memory.shared, result: columns),
        rows: group.count * coarse.pixels, start: nil)
      for image in group { begin(output + image * fine.count) }
      let start = group.lowerBound * fine.count
      withUnsafePointer(to: geometry) { vm_fold($0, columns, group.count, output + start) }
      epilogue.finish(output, start, group.count * fine.count)
    }
  }

  private func begin(_ image: UnsafeMutablePointer<Float>) {
    if let bias = epilogue.bias {
      vm_fill_channels(bias, fine.planes, fine.pixels, fine.depth, image)
    } else {
      image.update(repeating: 0, count: fine.count)
    }
  }
}
