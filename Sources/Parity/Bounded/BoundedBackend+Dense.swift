import Backend

extension BoundedBackend {
  func run(_ operation: Dense) {
    let product = MatrixProduct(
      self[operation.input], times: self[operation.weights], rows: operation.input.rows,
      depth: operation.input.columns, columns: operation.weights.columns,
      bias: self[operation.bias])
    set(operation.output, to: product.elements.map(operation.activation.bounded))
    self.product = product
  }

  func run(_ operation: DenseInputGradient) {
    let weights = operation.weights
    let product = MatrixProduct(
      self[operation.outputGradient],
      times: transposed(self[weights], rows: weights.rows, columns: weights.columns),
      rows: operation.outputGradient.rows, depth: weights.columns, columns: weights.rows)
    var elements = product.elements
    if operation.activation != .identity {
      for (index, saved) in self[operation.saved].enumerated() {
        elements[index] = elements[index] * operation.activation.boundedDerivative(saved: saved)
      }
    }
    set(operation.inputGradient, to: elements)
    self.product = product
  }

  func run(_ operation: DenseParameterGradient) {
    let (input, gradient) = (operation.input, operation.outputGradient)
    let gradients = self[gradient]
    let product = MatrixProduct(
      transposed(self[input], rows: input.rows, columns: input.columns), times: gradients,
      rows: input.columns, depth: input.rows, columns: gradient.columns)
    set(operation.weightGradient, to: product.elements)
    fill(operation.biasGradient) { column in
      var sum = BoundedSum()
      for row in 0..<gradient.rows { sum.add(gradients[row * gradient.columns + column]) }
      return sum.total
    }
    self.product = product
  }

  func run(_ operation: Activate) {
    set(operation.output, to: self[operation.input].map(operation.activation.bounded))
  }
}
