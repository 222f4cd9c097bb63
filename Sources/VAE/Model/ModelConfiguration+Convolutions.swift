import Backend

/// A convolutional layer of the encoder, mirrored by a transposed one of the decoder.
public struct ConvolutionalLayer: Codable, Hashable, Sendable {
  /// Feature maps that it makes.
  public var channels: Int
  /// Width and height of the kernel.
  public var kernel: Int
  /// Pixels from one place of the kernel to the next: 2 halves the image.
  public var stride: Int
  /// Zeros around the image.
  public var padding: Int

  /// A layer; by default one that halves an image of even width and height.
  public init(channels: Int, kernel: Int = 4, stride: Int = 2, padding: Int = 1) {
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }
}

extension ModelConfiguration {
  /// The image as the first layer sees it: a plane a channel.
  var imageShape: ImageShape {
    ImageShape(height: imageHeight, width: imageWidth, planes: channels)
  }

  /// How each convolutional layer moves over what is below it.
  ///
  /// The decoder's layers have the encoder's geometries in the other direction, so that they make exactly the
  /// encoder's sizes: PyTorch's `output_padding` is what a stride leaves over.
  package var geometries: [ConvolutionGeometry] {
    var shape = imageShape
    return convolutions.map { layer in
      guard let geometry = layer.geometry(on: shape) else {
        preconditionFailure("a configuration is validated before it is used")
      }
      shape = geometry.coarse
      return geometry
    }
  }

  /// The convolutions of the encoder called `name`.
  func convolutionalEncoder(_ name: String) -> [Layer] {
    geometries.enumerated().map { index, geometry in
      Layer(["\(name).\(index)"], .convolution(geometry), activation: activation)
    }
  }

  /// A dense layer that makes feature maps of `width` numbers, and the transposed convolutions.
  func convolutionalDecoder(from width: Int) -> [Layer] {
    let geometries = geometries
    guard let maps = geometries.last?.coarse, let output = outputGeometry else { return [] }
    let dense = Layer(
      "decoder.\(decoder.count)", inputs: width, outputs: maps.count, activation: activation,
      making: maps)
    let hidden = geometries.dropFirst().reversed().enumerated().map { index, geometry in
      Layer(
        ["decoder.\(decoder.count + 1 + index)"], .transposedConvolution(geometry),
        activation: activation)
    }
    return [dense] + hidden
      + [
        Layer(likelihood.outputNames, .transposedConvolution(output), activation: .identity)
      ]
  }

  /// The last layer's, which makes a plane for each number that the likelihood wants of a channel.
  private var outputGeometry: ConvolutionGeometry? {
    let planes = likelihood.outputsPerPixel * channels
    return convolutions.first?.geometry(
      on: ImageShape(height: imageHeight, width: imageWidth, planes: planes))
  }

  /// `1×28×28-32×14×14-64×7×7-256`: the encoder's sizes.
  var convolutionSummary: [String] {
    convolutions.isEmpty
      ? ["\(pixels)"] : ["\(imageShape)"] + geometries.map { "\($0.coarse)" }
  }

  /// The largest stride: its square is the third extent of a transposed convolution's grid, which NVIDIA's
  /// devices end at 65,535.
  public static let maximumStride = 255

  /// Checks that every convolution fits what is below it.
  func validateConvolutions() throws(ConfigurationError) {
    var shape = imageShape
    for (index, layer) in convolutions.enumerated() {
      let name = "of convolution \(index + 1)"
      for (part, value, range) in [
        ("channels", layer.channels, 1...1 << 16), ("kernel", layer.kernel, 1...1 << 10),
        ("stride", layer.stride, 1...Self.maximumStride),
        ("padding", layer.padding, 0...max(layer.kernel, 1) - 1),
      ] where !range.contains(value) {
        throw .outOfRange(
          "\(part) \(name)", value: "\(value)",
          allowed: "\(range.lowerBound) to \(range.upperBound)"
            + (part == "padding" ? ", or a kernel would see zeros alone" : ""))
      }
      guard let geometry = layer.geometry(on: shape) else {
        throw .outOfRange(
          "kernel \(name)", value: "\(layer.kernel)",
          allowed: "at most \(min(shape.height, shape.width) + 2 * layer.padding), the image's "
            + "\(shape.width)×\(shape.height) pixels and their padding; take fewer convolutions")
      }
      if geometry.coarse.count > Self.maximumWidth {
        throw .outOfRange(
          "size \(name)", value: "\(geometry.coarse)",
          allowed: "at most \(Self.maximumWidth) values")
      }
      shape = geometry.coarse
    }
  }
}

extension ConvolutionalLayer {
  fileprivate func geometry(on shape: ImageShape) -> ConvolutionGeometry? {
    ConvolutionGeometry(
      fine: shape, channels: channels, kernel: kernel, stride: stride, padding: padding)
  }
}
