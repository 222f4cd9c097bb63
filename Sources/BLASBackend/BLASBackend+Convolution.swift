import Backend
import CVectorMath

// A convolution is a matrix product with what its kernel covers at every coarse pixel, which is laid out for
// as many rows of coarse pixels at a time as stay in a thread's cache.

extension BLASBackend {
  public func run(_ operation: Convolution) {
    let geometry = operation.geometry
    let lines = Lines(geometry, rows: operation.input.rows)
    let product = ConvolutionForward(
      lines: lines, scratch: scratch(for: lines),
      input: pointer(to: operation.input), weights: pointer(to: operation.weights),
      epilogue: Epilogue(operation.epilogue, on: self), output: pointer(to: operation.output))
    pool.run(product, parts: parts(of: lines, units: operation.input.rows * geometry.coarse.height))
  }

  public func run(_ operation: TransposedConvolution) {
    let lines = Lines(operation.geometry, rows: operation.input.rows)
    let product = ConvolutionTransposed(
      lines: lines, scratch: scratch(for: lines), rows: operation.input.rows,
      fine: operation.geometry.fine,
      input: pointer(to: operation.input), weights: pointer(to: operation.weights),
      epilogue: Epilogue(operation.epilogue, on: self), output: pointer(to: operation.output))
    pool.run(product, parts: parts(of: lines, units: operation.input.rows))
  }

  public func run(_ operation: ConvolutionParameterGradient) {
    let lines = Lines(operation.geometry, rows: operation.fine.rows)
    let partials = pointer(to: operation.partials)
    let slices = GradientSlices(
      lines: lines, scratch: scratch(for: lines), rows: operation.fine.rows,
      slices: operation.slices, shape: operation.geometry.fine,
      fine: pointer(to: operation.fine), coarse: pointer(to: operation.coarse),
      biasIsFine: operation.output == .fine, partials: partials,
      partialCount: operation.partials.columns)
    pool.run(slices, parts: parts(of: lines, units: operation.slices))
    perform(
      SliceSums(
        slices: operation.slices, partials: partials, weights: operation.weightGradient.count,
        count: operation.partials.columns, weightGradient: pointer(to: operation.weightGradient),
        biasGradient: pointer(to: operation.biasGradient)),
      size: operation.partials.count, grain: 1 << 13)
  }

  /// How many parts work of `units` units is cut into: one a thread, unless there is too little of it.
  private func parts(of lines: Lines, units: Int) -> Int {
    let operations = 2 * lines.count * lines.pixels * lines.patch * lines.channels
    return max(1, min(pool.threads, units, operations >> 18))
  }

  /// Memory for every thread's block of lines.
  private func scratch(for lines: Lines) -> UnsafeMutablePointer<Float> {
    convolutionScratch.reserve(pool.threads * lines.blockElements)
  }
}

/// Host memory that grows to the most that was asked for.
final class Scratch {
  private var memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 0)

  deinit { memory.deallocate() }

  func reserve(_ count: Int) -> UnsafeMutablePointer<Float> {
    if memory.count < count {
      memory.deallocate()
      memory = .allocate(capacity: count)
    }
    guard let address = memory.baseAddress else { preconditionFailure("memory has an address") }
    return address
  }
}

/// The rows of coarse pixels of a batch, and how they are cut into blocks.
private struct Lines: BitwiseCopyable {
  let geometry: vm_convolution
  /// Lines of the batch.
  let count: Int
  /// Lines of an image.
  let perImage: Int
  /// Coarse pixels of a line.
  let pixels: Int
  /// K, and N.
  let patch: Int
  let channels: Int
  private let limit: Int

  init(_ geometry: ConvolutionGeometry, rows: Int) {
    let (fine, coarse) = (geometry.fine, geometry.coarse)
    self.geometry = vm_convolution(
      planes: fine.planes, height: fine.height, width: fine.width, depth: fine.depth,
      coarse_height: coarse.height, coarse_width: coarse.width, kernel: geometry.kernel,
      stride: geometry.stride, padding: geometry.padding)
    perImage = coarse.height
    count = rows * perImage
    pixels = coarse.width
    patch = geometry.patch
    channels = coarse.channels
    // 1 MiB: a second-level cache holds it beside the weights, and SGEMM is given enough rows.
    limit = max(1, (1 << 18) / (pixels * patch))
  }

  /// What the longest block covers.
  var blockElements: Int { min(limit, max(count, 1)) * pixels * patch }

  /// `range` in blocks that differ by a line at most.
  func forEachBlock(of range: Range<Int>, _ body: (Range<Int>) -> Void) {
    let blocks = (range.count + limit - 1) / limit
    for index in 0..<blocks {
      let share = Part(index: index, count: blocks).share(of: range.count)
      body(range.lowerBound + share.lowerBound..<range.lowerBound + share.upperBound)
    }
  }

  func unfold(
    _ images: UnsafePointer<Float>, _ block: Range<Int>, into columns: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: geometry) {
      vm_unfold($0, images, block.lowerBound, block.count, columns)
    }
  }

  func fold(
    _ columns: UnsafePointer<Float>, _ block: Range<Int>, into images: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: geometry) { vm_fold($0, columns, block.lowerBound, block.count, images) }
  }

  /// Where a line's coarse pixels begin.
  func start(_ line: Int) -> Int { line * pixels * channels }
}

/// What follows the sums, on a stretch of the output.
private struct Epilogue: BitwiseCopyable {
  let activation: Int32
  let bias: UnsafePointer<Float>?
  private let saved: UnsafePointer<Float>?

  init(_ epilogue: ConvolutionEpilogue, on backend: BLASBackend) {
    activation = epilogue.activation.constant
    switch epilogue {
    case .activation(_, let bias): (self.bias, saved) = (.init(backend.pointer(to: bias)), nil)
    case .derivative(.identity, _): (bias, saved) = (nil, nil)
    case .derivative(_, let saved):
      (bias, self.saved) = (nil, .init(backend.pointer(to: saved)))
    }
  }

  /// Finishes `count` elements from `start` on, to which the bias has been added.
  func finish(_ output: UnsafeMutablePointer<Float>, _ start: Int, _ count: Int) {
    if let saved {
      vm_multiply_by_derivative(activation, saved + start, output + start, 1, count, 0)
    } else if bias != nil && activation != vm_identity {
      vm_activate(activation, output + start, output + start, 1, count, 0)
    }
  }
}

private struct ConvolutionForward: ParallelWork {
  let lines: Lines
  let scratch: UnsafeMutablePointer<Float>
  let input: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  let epilogue: Epilogue
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let columns = scratch + part.index * lines.blockElements
    lines.forEachBlock(of: part.share(of: lines.count)) { block in
      lines.unfold(input, block, into: columns)
      let (rows, start) = (block.count * lines.pixels, lines.start(block.lowerBound))
      if let bias = epilogue.bias {
        vm_fill_channels(bias, 1, rows, lines.channels, output + start)
      }
      Product(
        rows: rows, columns: lines.channels, inner: lines.patch, left: columns, leftForm: .plain,
        right: weights, rightForm: .plain, result: output + start
      ).multiply(accumulate: epilogue.bias != nil)
      epilogue.finish(output, start, rows * lines.channels)
    }
  }
}

private struct ConvolutionTransposed: ParallelWork {
  let lines: Lines
  let scratch: UnsafeMutablePointer<Float>
  let rows: Int
  let fine: ImageShape
  let input: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  let epilogue: Epilogue
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let columns = scratch + part.index * lines.blockElements
    let (images, height) = (part.share(of: rows), lines.perImage)
    lines.forEachBlock(of: images.lowerBound * height..<images.upperBound * height) { block in
      // An image's lines may lie in several blocks: it begins with its first and is done with its last.
      for image in (block.lowerBound + height - 1) / height..<(block.upperBound + height - 1)
        / height
      {
        begin(image)
      }
      Product(
        rows: block.count * lines.pixels, columns: lines.patch, inner: lines.channels,
        left: input + lines.start(block.lowerBound), leftForm: .plain, right: weights,
        rightForm: .transposed, result: columns
      ).multiply(accumulate: false)
      lines.fold(columns, block, into: output)
      let done = block.lowerBound / height..<block.upperBound / height
      epilogue.finish(output, done.lowerBound * fine.count, done.count * fine.count)
    }
  }

  private func begin(_ image: Int) {
    let start = output + image * fine.count
    if let bias = epilogue.bias {
      vm_fill_channels(bias, fine.planes, fine.pixels, fine.depth, start)
    } else {
      start.update(repeating: 0, count: fine.count)
    }
  }
}

/// The gradient of each slice of the examples.
private struct GradientSlices: ParallelWork {
  let lines: Lines
  let scratch: UnsafeMutablePointer<Float>
  let rows: Int
  let slices: Int
  let shape: ImageShape
  let fine: UnsafePointer<Float>
  let coarse: UnsafePointer<Float>
  let biasIsFine: Bool
  let partials: UnsafeMutablePointer<Float>
  let partialCount: Int

  func perform(_ part: Part) {
    let columns = scratch + part.index * lines.blockElements
    for slice in part.share(of: slices) {
      let examples = Part(index: slice, count: slices).share(of: rows)
      let sums = partials + slice * partialCount
      var isFirst = true
      lines.forEachBlock(
        of: examples.lowerBound * lines.perImage..<examples.upperBound * lines.perImage
      ) { block in
        lines.unfold(fine, block, into: columns)
        Product(
          rows: lines.patch, columns: lines.channels, inner: block.count * lines.pixels,
          left: columns, leftForm: .transposed, right: coarse + lines.start(block.lowerBound),
          rightForm: .plain, result: sums
        ).multiply(accumulate: !isFirst)
        isFirst = false
      }
      let weights = lines.patch * lines.channels
      if isFirst { sums.update(repeating: 0, count: weights) }
      sumBias(examples, into: sums + weights)
    }
  }

  private func sumBias(_ examples: Range<Int>, into sums: UnsafeMutablePointer<Float>) {
    if !biasIsFine {
      let pixels = examples.count * lines.perImage * lines.pixels
      vm_sum_columns(
        coarse + lines.start(examples.lowerBound * lines.perImage), pixels, lines.channels,
        lines.channels, sums)
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
private struct SliceSums: ParallelWork {
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
