import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: DenseUpdate, rate: AdamUpdate.Rate) {
    let adam = AdamStep(operation.adam, rate: rate, on: self)
    let count = operation.gradients.count
    withUnsafeTemporaryAllocation(of: LayerUpdate.self, capacity: count) { layers in
      var parts = 0
      for (index, gradient) in operation.gradients.enumerated() {
        let layer = LayerUpdate(gradient, firstPart: parts, threads: pool.threads, on: self)
        parts += layer.parts
        layers.initializeElement(at: index, to: layer)
      }
      pool.run(
        Update(layers: UnsafeBufferPointer(layers), adam: adam), parts: parts)
    }
  }
}

/// Adam at any of the elements that have a gradient.
private struct AdamStep: BitwiseCopyable {
  let rate: vm_adam_rate
  let gradients: UnsafePointer<Float>
  let parameters: UnsafeMutablePointer<Float>
  let firstMoment: UnsafeMutablePointer<Float>
  let secondMoment: UnsafeMutablePointer<Float>

  init(_ update: AdamUpdate, rate: AdamUpdate.Rate, on backend: BLASBackend) {
    self.rate = vm_adam_rate(update, rate)
    gradients = UnsafePointer(backend.pointer(to: update.gradients))
    parameters = backend.pointer(to: update.parameters)
    firstMoment = backend.pointer(to: update.firstMoment)
    secondMoment = backend.pointer(to: update.secondMoment)
  }

  /// The step for the `count` elements from `gradient` on.
  func perform(_ gradient: UnsafePointer<Float>, _ count: Int) {
    let start = gradient - gradients
    vm_adam(
      rate, gradient, parameters + start, firstMoment + start, secondMoment + start, count)
  }
}

/// A layer's share of an update: consecutive parts, each a block of the weights' gradient.
private struct LayerUpdate: BitwiseCopyable {
  let product: Product
  let biasGradient: UnsafeMutablePointer<Float>
  let firstPart: Int
  let parts: Int

  init(
    _ gradient: DenseParameterGradient, firstPart: Int, threads: Int, on backend: BLASBackend
  ) {
    product = Product(gradient, on: backend)
    biasGradient = backend.pointer(to: gradient.biasGradient)
    self.firstPart = firstPart
    // A part for each thread, more where a block would outgrow its thread's cache.
    let blocks = (product.rows * product.columns + (1 << 18) - 1) / (1 << 18)
    let wanted = product.operations < 1 << 22 ? 1 : threads
    parts = (blocks + wanted - 1) / wanted * wanted
  }

  func perform(_ part: Part, _ adam: AdamStep) {
    let block = product.block(part)
    product.multiply(block, accumulate: false)
    if block.columns.count == product.columns {
      adam.perform(product.result + block.start, block.rows.count * block.columns.count)
    } else {
      for row in 0..<block.rows.count {
        adam.perform(product.result + block.start + row * product.columns, block.columns.count)
      }
    }
    let columns = part.share(of: product.columns, multiple: 16)
    let gradient = biasGradient + columns.lowerBound
    vm_sum_columns(
      product.right + columns.lowerBound, product.inner, columns.count, product.columns, gradient)
    adam.perform(gradient, columns.count)
  }
}

private struct Update: ParallelWork {
  let layers: UnsafeBufferPointer<LayerUpdate>
  let adam: AdamStep

  func perform(_ part: Part) {
    for layer in layers where part.index < layer.firstPart + layer.parts {
      layer.perform(Part(index: part.index - layer.firstPart, count: layer.parts), adam)
      return
    }
  }
}
