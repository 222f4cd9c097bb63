import Backend
import CVectorMath

extension BLASBackend {
  public func run(_ operation: Dense) {
    let product = Product(
      rows: operation.input.rows, columns: operation.weights.columns,
      inner: operation.input.columns,
      left: pointer(to: operation.input), leftForm: .plain,
      right: pointer(to: operation.weights), rightForm: .plain,
      result: pointer(to: operation.output))
    perform(
      Forward(
        product: product, bias: pointer(to: operation.bias),
        activation: operation.activation.constant),
      product)
  }

  public func run(_ operation: DenseInputGradient) {
    let product = Product(
      rows: operation.outputGradient.rows, columns: operation.weights.rows,
      inner: operation.weights.columns,
      left: pointer(to: operation.outputGradient), leftForm: .plain,
      right: pointer(to: operation.weights), rightForm: .transposed,
      result: pointer(to: operation.inputGradient))
    let saved = operation.activation == .identity ? nil : pointer(to: operation.saved)
    perform(
      InputGradient(product: product, activation: operation.activation.constant, saved: saved),
      product)
  }

  public func run(_ operation: DenseParameterGradient) {
    let product = Product(operation, on: self)
    perform(
      ParameterGradient(product: product, biasGradient: pointer(to: operation.biasGradient)),
      product)
  }

  public func run(_ operation: Activate) {
    let count = operation.input.count
    perform(
      Application(
        activation: operation.activation.constant, count: count,
        input: pointer(to: operation.input),
        output: pointer(to: operation.output)),
      size: count, grain: 1 << 12)
  }
}

extension Product {
  /// The weights' gradient.
  init(_ gradient: DenseParameterGradient, on backend: BLASBackend) {
    self.init(
      rows: gradient.input.columns, columns: gradient.outputGradient.columns,
      inner: gradient.input.rows,
      left: backend.pointer(to: gradient.input), leftForm: .transposed,
      right: backend.pointer(to: gradient.outputGradient), rightForm: .plain,
      result: backend.pointer(to: gradient.weightGradient))
  }
}

private struct Forward: ParallelWork {
  let product: Product
  let bias: UnsafePointer<Float>
  let activation: Int32

  func perform(_ part: Part) {
    let block = product.block(part)
    let start = product.result + block.start
    // The product is added to the bias, in place of the zeros that OpenBLAS would write first.
    for row in 0..<block.rows.count {
      (start + row * product.columns).update(
        from: bias + block.columns.lowerBound, count: block.columns.count)
    }
    product.multiply(block, accumulate: true)
    guard activation != vm_identity else { return }
    vm_activate(
      activation, start, start, block.rows.count, block.columns.count, product.columns)
  }
}

private struct InputGradient: ParallelWork {
  let product: Product
  let activation: Int32
  let saved: UnsafePointer<Float>?

  func perform(_ part: Part) {
    let block = product.block(part)
    product.multiply(block, accumulate: false)
    guard let saved else { return }
    vm_multiply_by_derivative(
      activation, saved + block.start, product.result + block.start, block.rows.count,
      block.columns.count, product.columns)
  }
}

private struct ParameterGradient: ParallelWork {
  let product: Product
  let biasGradient: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    product.multiply(product.block(part), accumulate: false)
    // Whatever the blocks of the product, the bias's gradient is cut along its columns.
    let columns = part.share(of: product.columns, multiple: 16)
    vm_sum_columns(
      product.right + columns.lowerBound, product.inner, columns.count, product.columns,
      biasGradient + columns.lowerBound)
  }
}

private struct Application: ParallelWork {
  let activation: Int32
  let count: Int
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func perform(_ part: Part) {
    let range = part.share(of: count, multiple: 16)
    vm_activate(
      activation, input + range.lowerBound, output + range.lowerBound, 1, range.count, 0)
  }
}
