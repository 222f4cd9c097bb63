import Backend
import CVectorMath

// Convolutions are matrix products whose left matrix SGEMM would need laid out; `vm_multiply_indexed` reads it
// where it is, from images with zeros around them: 110 to 120 GFLOP/s a core where SGEMM came to 85
// (`OPENBLAS_NUM_THREADS=1 taskset -c 0 vae train --preset conv --profile F.json`).

extension BLASBackend {
  public func run(_ operation: Convolution) {
    let layout = layout(of: operation.geometry)
    let product = layout.convolution
    let memory = memory(
      shared: IndexedProduct.bandElements(rows: product.terms.count, columns: product.columns),
      each: layout.group * layout.fine.count)
    vm_lay_bands(
      pointer(to: operation.weights), product.terms.count, product.columns, product.columns, 1, 0,
      product.terms.count, memory.shared)
    pool.run(
      ConvolutionForward(
        product: product, images: layout.fine, group: layout.group, memory: memory,
        rows: operation.input.rows, pixels: operation.geometry.coarse.pixels,
        input: pointer(to: operation.input), epilogue: Epilogue(operation.epilogue, on: self),
        output: pointer(to: operation.output)),
      parts: parts(of: operation, units: operation.input.rows))
  }

  public func run(_ operation: TransposedConvolution) {
    let layout = layout(of: operation.geometry)
    switch layout.transposition {
    case .phases(let phases): phases.withUnsafeBufferPointer { run(operation, layout, $0) }
    case .folded(let product): run(operation, layout, product)
    }
  }

  private func run(
    _ operation: TransposedConvolution, _ layout: ConvolutionLayout,
    _ phases: UnsafeBufferPointer<ConvolutionPhase>
  ) {
    let memory = memory(
      shared: phases.reduce(0) { $0 + $1.bandElements },
      each: layout.group * layout.coarse.count)
    var right = memory.shared
    for phase in phases {
      phase.layBands(
        of: pointer(to: operation.weights), stride: operation.geometry.stride,
        kernel: operation.geometry.kernel, into: right)
      right += phase.bandElements
    }
    pool.run(
      ConvolutionPhases(
        phases: phases, images: layout.coarse, group: layout.group, memory: memory,
        rows: operation.input.rows, fineCount: operation.geometry.fine.count,
        input: pointer(to: operation.input), epilogue: Epilogue(operation.epilogue, on: self),
        output: pointer(to: operation.output)),
      parts: parts(of: operation, units: operation.input.rows))
  }

  private func run(
    _ operation: TransposedConvolution, _ layout: ConvolutionLayout, _ product: IndexedProduct
  ) {
    let memory = memory(
      shared: IndexedProduct.bandElements(rows: product.terms.count, columns: product.columns),
      each: product.rows.count * product.columns)
    vm_lay_bands(
      pointer(to: operation.weights), product.terms.count, product.columns, 1, product.terms.count,
      0, product.terms.count, memory.shared)
    pool.run(
      ConvolutionFolded(
        product: product, geometry: vm_convolution(operation.geometry), group: layout.group,
        memory: memory, rows: operation.input.rows, coarse: operation.geometry.coarse,
        fine: operation.geometry.fine, input: pointer(to: operation.input),
        epilogue: Epilogue(operation.epilogue, on: self), output: pointer(to: operation.output)),
      parts: parts(of: operation, units: operation.input.rows))
  }

  public func run(_ operation: ConvolutionParameterGradient) {
    let layout = layout(of: operation.geometry)
    let partials = pointer(to: operation.partials)
    let pixels = operation.geometry.coarse.pixels
    let memory = memory(
      shared: 0,
      each: layout.group
        * (layout.fine.count
          + IndexedProduct.bandElements(rows: pixels, columns: layout.gradient.columns)))
    pool.run(
      GradientSlices(
        product: layout.gradient, images: layout.fine, group: layout.group, memory: memory,
        rows: operation.fine.rows, slices: operation.slices, pixels: pixels,
        fine: pointer(to: operation.fine), coarse: pointer(to: operation.coarse),
        biasIsFine: operation.output == .fine, partials: partials,
        partialCount: operation.partials.columns),
      parts: parts(of: operation, units: operation.slices))
    perform(
      SliceSums(
        slices: operation.slices, partials: partials, weights: operation.weightGradient.count,
        count: operation.partials.columns, weightGradient: pointer(to: operation.weightGradient),
        biasGradient: pointer(to: operation.biasGradient)),
      size: operation.partials.count, grain: 1 << 13)
  }

  /// How many parts work of `units` units is cut into: one a thread, unless there is too little of it.
  private func parts(of operation: some Operation, units: Int) -> Int {
    max(1, min(pool.threads, units, operation.cost.operations >> 18))
  }

  /// The layout of a geometry, which does not change while a model does not.
  private func layout(of geometry: ConvolutionGeometry) -> ConvolutionLayout {
    if let layout = convolutionLayouts[geometry] { return layout }
    let layout = ConvolutionLayout(geometry)
    convolutionLayouts[geometry] = layout
    return layout
  }

  private func memory(shared: Int, each: Int) -> ConvolutionMemory {
    // Whole cache lines.
    let each = (each + 15) / 16 * 16
    let start = convolutionScratch.reserve(shared + pool.threads * each)
    return ConvolutionMemory(shared: start, parts: start + shared, each: each)
  }
}

/// What a convolution lays out for itself.
struct ConvolutionMemory: BitwiseCopyable {
  /// The weights in bands.
  let shared: UnsafeMutablePointer<Float>
  fileprivate let parts: UnsafeMutablePointer<Float>
  fileprivate let each: Int

  subscript(part: Part) -> UnsafeMutablePointer<Float> { parts + part.index * each }
}

extension vm_convolution {
  fileprivate init(_ geometry: ConvolutionGeometry) {
    let (fine, coarse) = (geometry.fine, geometry.coarse)
    self.init(
      planes: fine.planes, height: fine.height, width: fine.width, depth: fine.depth,
      coarse_height: coarse.height, coarse_width: coarse.width, kernel: geometry.kernel,
      stride: geometry.stride, padding: geometry.padding)
  }
}
