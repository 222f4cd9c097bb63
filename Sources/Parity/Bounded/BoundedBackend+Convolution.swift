import Backend

extension BoundedBackend {
  func run(_ operation: Convolution) {
    let geometry = operation.geometry
    let channels = geometry.coarse.channels
    let product = MatrixProduct(
      geometry.patches(of: self[operation.input]), times: self[operation.weights],
      rows: operation.input.rows * geometry.coarse.pixels, depth: geometry.patch,
      columns: channels, bias: bias(operation.epilogue))
    set(operation.output, to: finish(product.elements, operation.epilogue))
    self.product = product
  }

  func run(_ operation: TransposedConvolution) {
    let geometry = operation.geometry
    let fine = geometry.fine
    let product = MatrixProduct(
      geometry.sources(of: self[operation.input]),
      times: geometry.turned(self[operation.weights]),
      rows: operation.input.rows * fine.pixels,
      depth: geometry.kernel * geometry.kernel * geometry.coarse.channels, columns: fine.channels,
      bias: bias(operation.epilogue))
    // From a matrix with a row a pixel to the order of the image.
    let arranged = product.arranged { index in
      let (pixel, channel) = (index / fine.channels, index % fine.channels)
      let place = fine.index(
        channel: channel, row: pixel % fine.pixels / fine.width, column: pixel % fine.width)
      return pixel / fine.pixels * fine.count + place
    }
    set(operation.output, to: finish(arranged.elements, operation.epilogue))
    self.product = arranged
  }

  func run(_ operation: ConvolutionParameterGradient) {
    let geometry = operation.geometry
    let (fine, coarse) = (self[operation.fine], self[operation.coarse])
    let pixels = operation.fine.rows * geometry.coarse.pixels
    let product = MatrixProduct(
      transposed(geometry.patches(of: fine), rows: pixels, columns: geometry.patch),
      times: coarse, rows: geometry.patch, depth: pixels, columns: geometry.coarse.channels)
    set(operation.weightGradient, to: product.elements)
    let (gradient, shape) =
      operation.output == .fine ? (fine, geometry.fine) : (coarse, geometry.coarse)
    fill(operation.biasGradient) { channel in
      var sum = BoundedSum()
      for start in stride(from: 0, to: gradient.count, by: shape.count) {
        for pixel in 0..<shape.pixels {
          let (row, column) = (pixel / shape.width, pixel % shape.width)
          sum.add(gradient[start + shape.index(channel: channel, row: row, column: column)])
        }
      }
      return sum.total
    }
    self.product = product
  }

  private func bias(_ epilogue: ConvolutionEpilogue) -> [Bounded]? {
    guard case .activation(_, let bias) = epilogue else { return nil }
    return self[bias]
  }

  private func finish(_ sums: [Bounded], _ epilogue: ConvolutionEpilogue) -> [Bounded] {
    switch epilogue {
    case .activation(let activation, _): return sums.map(activation.bounded)
    case .derivative(.identity, _): return sums
    case .derivative(let activation, let saved):
      return zip(sums, self[saved]).map { $0 * activation.boundedDerivative(saved: $1) }
    }
  }
}

// Convolutions as products of matrices that hold every term, those with padding too.
extension ConvolutionGeometry {
  /// A row for each coarse pixel of `images`: the fine values that its kernel covers, in the order of the
  /// weights' rows.
  fileprivate func patches(of images: [Bounded]) -> [Bounded] {
    let rows = images.count / fine.count * coarse.pixels
    var matrix = [Bounded](repeating: Bounded(exactly: 0), count: rows * patch)
    forEachPair { pixel, row, column, tap in
      for image in 0..<images.count / fine.count {
        for channel in 0..<fine.channels {
          let weight = weightRow(channel: channel, row: tap / kernel, column: tap % kernel)
          matrix[(image * coarse.pixels + pixel) * patch + weight] =
            images[image * fine.count + fine.index(channel: channel, row: row, column: column)]
        }
      }
    }
    return matrix
  }

  /// A row for each fine pixel: the channels of the coarse pixel that reaches it by each tap of the kernel.
  fileprivate func sources(of images: [Bounded]) -> [Bounded] {
    let (rows, channels) = (images.count / coarse.count * fine.pixels, coarse.channels)
    let width = kernel * kernel * channels
    var matrix = [Bounded](repeating: Bounded(exactly: 0), count: rows * width)
    forEachPair { pixel, row, column, tap in
      for image in 0..<images.count / coarse.count {
        let place = image * fine.pixels + row * fine.width + column
        for channel in 0..<channels {
          matrix[place * width + tap * channels + channel] =
            images[image * coarse.count + pixel * channels + channel]
        }
      }
    }
    return matrix
  }

  /// The weights with a row for each tap and coarse channel, and a column for each fine channel.
  fileprivate func turned(_ weights: [Bounded]) -> [Bounded] {
    var matrix = weights
    for tap in 0..<kernel * kernel {
      for channel in 0..<coarse.channels {
        for column in 0..<fine.channels {
          let row = weightRow(channel: column, row: tap / kernel, column: tap % kernel)
          matrix[(tap * coarse.channels + channel) * fine.channels + column] =
            weights[row * coarse.channels + channel]
        }
      }
    }
    return matrix
  }

  /// Every coarse pixel with every fine one that its kernel covers, and by which tap.
  private func forEachPair(_ body: (_ pixel: Int, _ row: Int, _ column: Int, _ tap: Int) -> Void) {
    for pixel in 0..<coarse.pixels {
      for tap in 0..<kernel * kernel {
        let row = pixel / coarse.width * stride - padding + tap / kernel
        let column = pixel % coarse.width * stride - padding + tap % kernel
        if row >= 0 && row < fine.height && column >= 0 && column < fine.width {
          body(pixel, row, column, tap)
        }
      }
    }
  }
}
