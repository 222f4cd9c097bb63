import Backend

extension ReferenceBackend {
  public func run(_ operation: Convolution) {
    let geometry = operation.geometry
    let (input, weights) = (elements(of: operation.input), elements(of: operation.weights))
    let output = elements(of: operation.output)
    let channels = geometry.coarse.channels
    output.update(repeating: 0)
    for row in 0..<operation.input.rows {
      let (fine, coarse) = (row * geometry.fine.count, row * geometry.coarse.count)
      geometry.forEachTerm { pixel, value, weight in
        let (start, factor) = (coarse + pixel * channels, input[fine + value])
        // The inner loop runs along a row of W, so that a whole run stays bearable.
        for channel in 0..<channels {
          output[start + channel] += factor * weights[weight * channels + channel]
        }
      }
    }
    finish(operation.output, geometry.coarse, operation.epilogue)
  }

  public func run(_ operation: TransposedConvolution) {
    let geometry = operation.geometry
    let (input, weights) = (elements(of: operation.input), elements(of: operation.weights))
    let output = elements(of: operation.output)
    let channels = geometry.coarse.channels
    output.update(repeating: 0)
    for row in 0..<operation.input.rows {
      let (fine, coarse) = (row * geometry.fine.count, row * geometry.coarse.count)
      geometry.forEachTerm { pixel, value, weight in
        let start = coarse + pixel * channels
        var sum = 0.0
        for channel in 0..<channels {
          sum += input[start + channel] * weights[weight * channels + channel]
        }
        output[fine + value] += sum
      }
    }
    finish(operation.output, geometry.fine, operation.epilogue)
  }

  public func run(_ operation: ConvolutionParameterGradient) {
    let geometry = operation.geometry
    let (fine, coarse) = (elements(of: operation.fine), elements(of: operation.coarse))
    let weightGradient = elements(of: operation.weightGradient)
    let channels = geometry.coarse.channels
    weightGradient.update(repeating: 0)
    for row in 0..<operation.fine.rows {
      let (fineStart, coarseStart) = (row * geometry.fine.count, row * geometry.coarse.count)
      geometry.forEachTerm { pixel, value, weight in
        let (start, factor) = (coarseStart + pixel * channels, fine[fineStart + value])
        for channel in 0..<channels {
          weightGradient[weight * channels + channel] += factor * coarse[start + channel]
        }
      }
    }
    let (gradient, shape) =
      operation.output == .fine ? (fine, geometry.fine) : (coarse, geometry.coarse)
    let biasGradient = elements(of: operation.biasGradient)
    biasGradient.update(repeating: 0)
    for index in 0..<gradient.count { biasGradient[shape.channel(of: index)] += gradient[index] }
  }

  private func finish(_ tensor: Tensor, _ shape: ImageShape, _ epilogue: ConvolutionEpilogue) {
    let output = elements(of: tensor)
    switch epilogue {
    case .activation(let activation, let bias):
      let bias = elements(of: bias)
      for index in 0..<output.count {
        output[index] += bias[shape.channel(of: index)]
      }
      apply(activation, to: tensor)
    case .derivative(.identity, _): break
    case .derivative(let activation, let saved):
      let saved = elements(of: saved)
      for index in 0..<output.count {
        output[index] *= activation.derivative(saved: saved[index])
      }
    }
  }
}

extension ConvolutionGeometry {
  /// Every pair of a coarse pixel and a value of the fine image that its kernel covers, with the row of the
  /// weights between them.
  fileprivate func forEachTerm(_ body: (_ pixel: Int, _ value: Int, _ weight: Int) -> Void) {
    for pixel in 0..<coarse.pixels {
      let top = pixel / coarse.width * stride - padding
      let left = pixel % coarse.width * stride - padding
      for plane in 0..<fine.planes {
        for row in 0..<kernel where (0..<fine.height).contains(top + row) {
          for column in 0..<kernel where (0..<fine.width).contains(left + column) {
            let value = ((plane * fine.height + top + row) * fine.width + left + column)
            let weight = (plane * kernel + row) * kernel + column
            for depth in 0..<fine.depth {
              body(pixel, value * fine.depth + depth, weight * fine.depth + depth)
            }
          }
        }
      }
    }
  }
}

extension ImageShape {
  /// The channel of the value at `index` of a tensor with an image a row.
  fileprivate func channel(of index: Int) -> Int {
    index % count / (pixels * depth) * depth + index % depth
  }
}
