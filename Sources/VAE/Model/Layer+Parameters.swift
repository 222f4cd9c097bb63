import Backend

// A layer's parameters: their shapes in the arena and in files, and from one to the other. Files have them as
// PyTorch's `Linear`, `Conv2d` and `ConvTranspose2d`, so that feature maps are flattened channel by channel.

extension Layer {
  /// Rows and columns of the weights in the arena: inputs × outputs, or what a kernel covers × channels of the
  /// coarse image.
  var weightShape: (rows: Int, columns: Int) {
    switch kind {
    case .dense: (inputs, outputs)
    case .convolution(let geometry), .transposedConvolution(let geometry):
      (geometry.patch, geometry.coarse.channels)
    }
  }

  /// One an output, or one a channel of it.
  var biasCount: Int {
    switch kind {
    case .dense: outputs
    case .convolution(let geometry): geometry.coarse.channels
    case .transposedConvolution(let geometry): geometry.fine.channels
    }
  }

  /// Weights and biases.
  package var parameterCount: Int { weightShape.rows * weightShape.columns + biasCount }

  /// The shape in files: `[out, in]`, `[out, in, kernel, kernel]` or, of a transposed convolution,
  /// `[in, out, kernel, kernel]`.
  func weightFileShape(_ part: Part) -> [Int] {
    switch kind {
    case .dense: [part.columns.count, inputs]
    case .convolution(let geometry), .transposedConvolution(let geometry):
      [
        geometry.coarse.channels, fineChannels(geometry, part).count, geometry.kernel,
        geometry.kernel,
      ]
    }
  }

  /// The fine image's channels that a part is about: all of them, but for a transposed convolution of several
  /// parts.
  private func fineChannels(_ geometry: ConvolutionGeometry, _ part: Part) -> Range<Int> {
    guard case .transposedConvolution = kind else { return 0..<geometry.fine.channels }
    let size = geometry.fine.count / geometry.fine.channels
    return part.columns.lowerBound / size..<part.columns.upperBound / size
  }

  /// The number of a part's biases.
  func biasFileCount(_ part: Part) -> Int { biasPlaces(part).count }

  /// For each weight of a part, in the file's order, its place among the arena's.
  func weightPlaces(_ part: Part) -> [Int] {
    switch kind {
    case .dense:
      let places = (0..<inputs).map { maps.input.place(of: $0) * outputs }
      return part.columns.flatMap { output in
        let column = maps.output.place(of: output)
        return places.map { $0 + column }
      }
    case .convolution(let geometry), .transposedConvolution(let geometry):
      let columns = geometry.coarse.channels
      return (0..<columns).flatMap { column in
        fineChannels(geometry, part).flatMap { channel in
          (0..<geometry.kernel * geometry.kernel).map { tap in
            geometry.weightRow(
              channel: channel, row: tap / geometry.kernel, column: tap % geometry.kernel)
              * columns + column
          }
        }
      }
    }
  }

  /// For each bias of a part its place among the arena's.
  func biasPlaces(_ part: Part) -> [Int] {
    switch kind {
    case .dense: part.columns.map(maps.output.place)
    case .convolution: Array(0..<biasCount)
    case .transposedConvolution(let geometry): Array(fineChannels(geometry, part))
    }
  }
}

extension ImageShape? {
  /// Where value `index` in the file's order lies in a row of the arena. What lies behind the maps stays.
  fileprivate func place(of index: Int) -> Int {
    guard let shape = self, index < shape.count else { return index }
    let pixel = index % shape.pixels
    return shape.index(
      channel: index / shape.pixels, row: pixel / shape.width, column: pixel % shape.width)
  }
}
