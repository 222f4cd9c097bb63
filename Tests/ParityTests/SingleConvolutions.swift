import Backend

// The convolutions of `SingleBackend`, from the formulas in their documentation.

extension SingleBackend {
  func run(_ operation: Convolution) {
    let geometry = operation.geometry
    let (fine, coarse) = (geometry.fine, geometry.coarse)
    for index in 0..<operation.output.count {
      let (row, place) = index.quotientAndRemainder(dividingBy: coarse.count)
      let (pixel, n) = place.quotientAndRemainder(dividingBy: coarse.channels)
      let (y, x) = pixel.quotientAndRemainder(dividingBy: coarse.width)
      let total = sum(
        geometry.kernel * geometry.kernel * fine.channels, from: bias(operation.epilogue, n)
      ) {
        let (tap, c) = $0.quotientAndRemainder(dividingBy: fine.channels)
        let (i, j) = tap.quotientAndRemainder(dividingBy: geometry.kernel)
        let v = y * geometry.stride - geometry.padding + i
        let u = x * geometry.stride - geometry.padding + j
        guard (0..<fine.height).contains(v), (0..<fine.width).contains(u) else { return 0 }
        let weight = geometry.weightRow(channel: c, row: i, column: j) * coarse.channels + n
        return self[operation.input, row * fine.count + fine.index(channel: c, row: v, column: u)]
          * self[operation.weights, weight]
      }
      self[operation.output, index] = finish(operation.epilogue, total, index)
    }
  }

  func run(_ operation: TransposedConvolution) {
    let geometry = operation.geometry
    let (fine, coarse) = (geometry.fine, geometry.coarse)
    for row in 0..<operation.output.rows {
      for c in 0..<fine.channels {
        for (v, u) in (0..<fine.height).flatMap({ v in (0..<fine.width).map { (v, $0) } }) {
          let taps = geometry.kernel * geometry.kernel
          let total = sum(taps * coarse.channels, from: bias(operation.epilogue, c)) {
            let (tap, n) = $0.quotientAndRemainder(dividingBy: coarse.channels)
            let (i, j) = tap.quotientAndRemainder(dividingBy: geometry.kernel)
            let (down, across) = (v + geometry.padding - i, u + geometry.padding - j)
            guard down >= 0, across >= 0, down % geometry.stride == 0,
              across % geometry.stride == 0, down / geometry.stride < coarse.height,
              across / geometry.stride < coarse.width
            else { return 0 }
            let place = coarse.index(
              channel: n, row: down / geometry.stride, column: across / geometry.stride)
            let weight = geometry.weightRow(channel: c, row: i, column: j) * coarse.channels + n
            return self[operation.input, row * coarse.count + place]
              * self[operation.weights, weight]
          }
          let index = row * fine.count + fine.index(channel: c, row: v, column: u)
          self[operation.output, index] = finish(operation.epilogue, total, index)
        }
      }
    }
  }

  func run(_ operation: ConvolutionParameterGradient) {
    let geometry = operation.geometry
    let (fine, coarse) = (geometry.fine, geometry.coarse)
    for c in 0..<fine.channels {
      for tap in 0..<geometry.kernel * geometry.kernel {
        let (i, j) = tap.quotientAndRemainder(dividingBy: geometry.kernel)
        for n in 0..<coarse.channels {
          let total = sum(operation.fine.rows * coarse.pixels) {
            let (row, pixel) = $0.quotientAndRemainder(dividingBy: coarse.pixels)
            let (y, x) = pixel.quotientAndRemainder(dividingBy: coarse.width)
            let v = y * geometry.stride - geometry.padding + i
            let u = x * geometry.stride - geometry.padding + j
            guard (0..<fine.height).contains(v), (0..<fine.width).contains(u) else { return 0 }
            return self[
              operation.fine, row * fine.count + fine.index(channel: c, row: v, column: u)]
              * self[
                operation.coarse, row * coarse.count + coarse.index(channel: n, row: y, column: x)]
          }
          let weight = geometry.weightRow(channel: c, row: i, column: j) * coarse.channels + n
          self[operation.weightGradient, weight] = total
        }
      }
    }
    let (gradient, shape) =
      operation.output == .fine ? (operation.fine, fine) : (operation.coarse, coarse)
    for channel in 0..<shape.channels {
      self[operation.biasGradient, channel] = sum(gradient.rows * shape.pixels) {
        let (row, pixel) = $0.quotientAndRemainder(dividingBy: shape.pixels)
        let (y, x) = pixel.quotientAndRemainder(dividingBy: shape.width)
        return self[gradient, row * shape.count + shape.index(channel: channel, row: y, column: x)]
      }
    }
  }

  private func bias(_ epilogue: ConvolutionEpilogue, _ channel: Int) -> Float {
    if case .activation(_, let bias) = epilogue { self[bias, channel] } else { 0 }
  }

  private func finish(_ epilogue: ConvolutionEpilogue, _ total: Float, _ index: Int) -> Float {
    switch epilogue {
    case .activation(let activation, _): value(activation, total)
    case .derivative(.identity, _): total
    case .derivative(let activation, let saved): total * slope(activation, self[saved, index])
    }
  }
}
