import Backend

extension ReferenceBackend {
  public func run(_ operation: Dense) {
    let (input, weights) = (operation.input, operation.weights)
    for row in 0..<input.rows {
      // The inner loop runs along a row of W, so that a whole run stays bearable.
      var sums = values(of: operation.bias)
      for inner in 0..<input.columns {
        let factor = self[input, row, inner]
        for column in 0..<weights.columns { sums[column] += factor * self[weights, inner, column] }
      }
      for column in 0..<weights.columns {
        self[operation.output, row, column] = operation.activation.value(sums[column])
      }
    }
  }

  public func run(_ operation: DenseInputGradient) {
    let (gradient, weights) = (operation.outputGradient, operation.weights)
    for row in 0..<gradient.rows {
      for column in 0..<weights.rows {
        var sum = 0.0
        for inner in 0..<gradient.columns {
          sum += self[gradient, row, inner] * self[weights, column, inner]
        }
        if operation.activation != .identity {
          sum *= operation.activation.derivative(saved: self[operation.saved, row, column])
        }
        self[operation.inputGradient, row, column] = sum
      }
    }
  }

  public func run(_ operation: DenseParameterGradient) {
    let (input, gradient) = (operation.input, operation.outputGradient)
    for column in 0..<gradient.columns { self[operation.biasGradient, column] = 0 }
    for index in 0..<operation.weightGradient.count { self[operation.weightGradient, index] = 0 }
    for row in 0..<input.rows {
      for column in 0..<gradient.columns {
        self[operation.biasGradient, column] += self[gradient, row, column]
      }
      for inner in 0..<input.columns {
        let factor = self[input, row, inner]
        for column in 0..<gradient.columns {
          self[operation.weightGradient, inner, column] += factor * self[gradient, row, column]
        }
      }
    }
  }

  public func run(_ operation: Activate) {
    for index in 0..<operation.input.count {
      self[operation.output, index] = operation.activation.value(self[operation.input, index])
    }
  }
}
