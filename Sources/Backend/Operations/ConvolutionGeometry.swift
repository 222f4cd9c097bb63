/// How the values of an image, or of a layer's feature maps, lie in an example's row of a tensor.
///
/// Planes one after the other, in each the pixels row by row, in each pixel `depth` values side by side:
/// data sets have a plane a channel (`depth` 1), feature maps one plane with a pixel's channels side by
/// side, so that what a kernel's row covers is one unbroken run.
public struct ImageShape: Hashable, Sendable, BitwiseCopyable {
  /// Planes.
  public let planes: Int
  /// Rows of pixels.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// Channels side by side in a pixel.
  public let depth: Int

  /// Feature maps with their channels side by side.
  public init(height: Int, width: Int, channels: Int) {
    self.init(planes: 1, height: height, width: width, depth: channels)
  }

  /// Images with a plane a channel, as data sets have them.
  public init(height: Int, width: Int, planes: Int) {
    self.init(planes: planes, height: height, width: width, depth: 1)
  }

  private init(planes: Int, height: Int, width: Int, depth: Int) {
    precondition(planes > 0 && height > 0 && width > 0 && depth > 0, "an image has pixels")
    self.planes = planes
    self.height = height
    self.width = width
    self.depth = depth
  }

  /// Channels in all.
  public var channels: Int { planes * depth }
  /// Pixels of a plane.
  public var pixels: Int { height * width }
  /// Values of an example.
  public var count: Int { pixels * channels }

  /// Where the value of a channel at a pixel lies within an example.
  public func index(channel: Int, row: Int, column: Int) -> Int {
    ((channel / depth * height + row) * width + column) * depth + channel % depth
  }
}

extension ImageShape: CustomStringConvertible {
  /// Channels, height and width, in PyTorch's order: `32×14×14`.
  public var description: String { "\(channels)×\(height)×\(width)" }
}

/// How a kernel moves over a fine image to make a coarse one (Dumoulin and Visin 2016, *A guide to
/// convolution arithmetic for deep learning*): pixel (y, x) of the coarse image sees the rows
/// y·stride − padding … + kernel − 1 of the fine one, and the columns likewise.
///
/// A convolution goes from fine to coarse, its transposition from coarse to fine. The two share the
/// weights' layout: K×N with a row for each value that the kernel covers, counted by plane, kernel row,
/// kernel column and depth, and a column for each channel of the coarse image.
public struct ConvolutionGeometry: Hashable, Sendable, BitwiseCopyable {
  /// A convolution's input, a transposed one's output.
  public let fine: ImageShape
  /// A convolution's output, a transposed one's input: `channels` side by side.
  public let coarse: ImageShape
  /// Width and height of the kernel.
  public let kernel: Int
  /// Fine pixels from one coarse pixel to the next.
  public let stride: Int
  /// Zeros around the fine image.
  public let padding: Int

  /// The geometry of a kernel on `fine` that makes `channels` channels; `nil` where the kernel does not
  /// fit into the padded image, or would see padding alone.
  public init?(fine: ImageShape, channels: Int, kernel: Int, stride: Int, padding: Int) {
    guard channels > 0, kernel > 0, stride > 0, (0..<kernel).contains(padding) else { return nil }
    let (height, width) = (fine.height + 2 * padding - kernel, fine.width + 2 * padding - kernel)
    guard height >= 0, width >= 0 else { return nil }
    self.fine = fine
    coarse = ImageShape(
      height: height / stride + 1, width: width / stride + 1, channels: channels)
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// K: the values that the kernel covers.
  public var patch: Int { kernel * kernel * fine.channels }

  /// The row of the weights of a fine channel at a place of the kernel.
  public func weightRow(channel: Int, row: Int, column: Int) -> Int {
    ((channel / fine.depth * kernel + row) * kernel + column) * fine.depth + channel % fine.depth
  }

  /// Multiplications of one example, those with padding included.
  var multiplications: Int { coarse.count * patch }
}

extension ConvolutionGeometry: CustomStringConvertible {
  /// Both images, the kernel and its steps: `32×14×14 ↔ 64×7×7, kernel 4, stride 2, padding 1`.
  public var description: String {
    "\(fine) ↔ \(coarse), kernel \(kernel), stride \(stride), padding \(padding)"
  }
}
