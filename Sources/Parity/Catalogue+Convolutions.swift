import Backend

extension Catalogue {
  mutating func convolutions() {
    for (index, shape) in ConvolutionShape.awkward(extent).enumerated() {
      let activation = Activation.allCases[index % Activation.allCases.count]
      convolution(shape, activation, skew: index % 4)
    }
    // Where there is padding, whether zero times infinity is a term is a matter of form.
    let padded = ConvolutionShape(2, image: (5, 7), channels: (3, 18), kernel: (3, 2, 1))
    let bare = ConvolutionShape(2, image: (5, 7), channels: (3, 18), kernel: (3, 2, 0))
    for (index, kind) in extent.kinds.enumerated() {
      let activation = Activation.allCases[index % Activation.allCases.count]
      convolution(kind == .nonFinite ? bare : padded, activation, kind, skew: index)
    }
    guard extent.hasPresets else { return }
    for shape in ConvolutionShape.preset { convolution(shape, .relu) }
  }

  /// A layer and its transposition, forward and backward, and the gradient of both.
  mutating func convolution(
    _ shape: ConvolutionShape, _ activation: Activation, _ kind: DataKind = .ordinary, skew: Int = 0
  ) {
    for backward in [false, true] {
      add(Convolution.name, kind, skew: skew) {
        .convolution(shape, activation, backward: backward, $0)
      }
      add(TransposedConvolution.name, kind, skew: skew) {
        .transposedConvolution(shape, activation, backward: backward, $0)
      }
    }
    for output in [ConvolutionParameterGradient.Output.coarse, .fine] {
      add(ConvolutionParameterGradient.name, kind, skew: skew) {
        .convolutionParameterGradient(shape, of: output, $0)
      }
    }
  }
}

extension ConvolutionShape {
  /// Small images with every relation of kernel, stride and padding, and extents at the edges of vectors and
  /// tiles.
  static func awkward(_ extent: Extent) -> [ConvolutionShape] {
    var shapes = [
      ConvolutionShape(0, image: (3, 4), channels: (2, 3), kernel: (2, 1, 0)),
      ConvolutionShape(1, image: (1, 1), channels: (1, 1), kernel: (1, 1, 0)),
      // Padding all around a single pixel; every pixel with padding.
      ConvolutionShape(2, image: (1, 1), channels: (2, 3), kernel: (3, 1, 1)),
      ConvolutionShape(3, image: (2, 2), channels: (1, 5), kernel: (4, 2, 1)),
      // The first layer's: one channel, and colour in planes.
      ConvolutionShape(3, image: (8, 6), channels: (1, 17), kernel: (4, 2, 1)),
      ConvolutionShape(2, image: (7, 9), channels: (3, 16), planar: true, kernel: (4, 2, 1)),
      // Pixels that a stride leaves over, and those that no kernel reaches.
      ConvolutionShape(2, image: (6, 9), channels: (5, 3), kernel: (3, 2, 1)),
      ConvolutionShape(2, image: (8, 7), channels: (4, 6), kernel: (2, 3, 0)),
      ConvolutionShape(2, image: (9, 5), channels: (2, 33), kernel: (5, 3, 4)),
      // A stride of one, and extents beyond a vector, a tile and a part of the sums.
      ConvolutionShape(1, image: (6, 5), channels: (33, 9), kernel: (3, 1, 1)),
      ConvolutionShape(5, image: (4, 4), channels: (17, 34), kernel: (4, 2, 1)),
      ConvolutionShape(2, image: (3, 3), channels: (16, 65), planar: true, kernel: (2, 2, 1)),
      // One pixel and one channel more than a tile, and a band and a half.
      ConvolutionShape(1, image: (3, 3), channels: (16, 33), kernel: (3, 1, 1)),
      ConvolutionShape(3, image: (5, 4), channels: (32, 48), kernel: (1, 1, 0)),
      // Vectors of channels, reached by one to nine taps, and by one or none.
      ConvolutionShape(3, image: (9, 7), channels: (33, 5), kernel: (5, 2, 2)),
      ConvolutionShape(2, image: (8, 7), channels: (17, 6), kernel: (2, 3, 0)),
    ]
    if extent.hasLongSums {
      shapes += [
        // More examples than slices, and more pixels than are summed at a time.
        ConvolutionShape(37, image: (9, 8), channels: (2, 7), kernel: (3, 1, 1)),
        ConvolutionShape(1, image: (24, 23), channels: (1, 3), kernel: (2, 1, 0)),
        // More taps than are summed at a time.
        ConvolutionShape(1, image: (40, 41), channels: (24, 2), kernel: (5, 1, 2)),
        // Images that are a group each, and a slice of two.
        ConvolutionShape(17, image: (64, 65), channels: (16, 3), kernel: (3, 2, 1)),
      ]
    }
    return shapes
  }

  /// The layers of the preset `conv`, with fewer examples than the batch has.
  static let preset = [
    ConvolutionShape(16, image: (28, 28), channels: (1, 32), planar: true, kernel: (4, 2, 1)),
    ConvolutionShape(16, image: (14, 14), channels: (32, 64), kernel: (4, 2, 1)),
  ]
}
