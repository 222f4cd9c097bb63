import Backend

extension ReferenceBackend {
  public func run(_ operation: Dense) {
    let (rows, inner, columns) = (
      operation.input.rows, operation.input.columns, operation.weights.columns
    )
    let (input, weights) = (elements(of: operation.input), elements(of: operation.weights))
    let (bias, output) = (elements(of: operation.bias), elements(of: operation.output))
    for row in 0..<rows {
      for column in 0..<columns { output[row * columns + column] = bias[column] }
      // The inner loop runs along a row of W, so that a whole run stays bearable.
      for index in 0..<inner {
        let factor = input[row * inner + index]
        for column in 0..<columns {
          output[row * columns + column] += factor * weights[index * columns + column]
        }
      }
    }
    apply(operation.activation, to: operation.output)
  }

  public func run(_ operation: DenseInputGradient) {
    let (rows, inner, columns) = (
      operation.outputGradient.rows, operation.weights.columns, operation.weights.rows
    )
    let gradient = elements(of: operation.outputGradient)
    let weights = elements(of: operation.weights)
    let output = elements(of: operation.inputGradient)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for index in 0..<inner {
          sum += gradient[row * inner + index] * weights[column * inner + index]
        }
        output[row * columns + column] = sum
      }
    }
    guard operation.activation != .identity else { return }
    let saved = elements(of: operation.saved)
    for index in 0..<output.count {
      output[index] *= operation.activation.derivative(saved: saved[index])
    }
  }

  public func run(_ operation: DenseParameterGradient) {
    let (rows, inputs, outputs) = (
      operation.input.rows, operation.input.columns, operation.outputGradient.columns
    )
    let (input, gradient) = (
      elements(of: operation.input), elements(of: operation.outputGradient)
    )
    let weightGradient = elements(of: operation.weightGradient)
    let biasGradient = elements(of: operation.biasGradient)
    weightGradient.update(repeating: 0)
    biasGradient.update(repeating: 0)
    for row in 0..<rows {
      for column in 0..<outputs { biasGradient[column] += gradient[row * outputs + column] }
      for index in 0..<inputs {
        let factor = input[row * inputs + index]
        for column in 0..<outputs {
          weightGradient[index * outputs + column] += factor * gradient[row * outputs + column]
        }
      }
    }
  }

  public func run(_ operation: Activate) {
    let (input, output) = (elements(of: operation.input), elements(of: operation.output))
    for index in 0..<input.count { output[index] = operation.activation.value(input[index]) }
  }
}
