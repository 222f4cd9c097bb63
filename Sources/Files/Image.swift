/// An 8-bit image, grey or RGB, rows from top to bottom, channels interleaved.
public struct Image: Equatable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// `height × width × channels` intensities.
  public var pixels: [UInt8]

  /// An image of the given pixels.
  public init(width: Int, height: Int, channels: Int = 1, pixels: [UInt8]) {
    precondition(channels == 1 || channels == 3, "an image has one channel or three")
    precondition(width > 0 && height > 0, "an image has pixels")
    precondition(pixels.count == width * height * channels, "pixels fill the image")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// An image of planes, one channel's rows after the other's: the order in which a model sees it.
  public init(width: Int, height: Int, channels: Int = 1, planes: some Sequence<UInt8>) {
    let planes = Array(planes)
    let area = width * height
    self.init(
      width: width, height: height, channels: channels,
      pixels: channels == 1
        ? planes : planes.indices.map { planes[$0 % channels * area + $0 / channels] })
  }

  /// An image of planes of intensities in [0, 1], as a decoder makes them. What lies outside is clipped,
  /// what is not a number becomes black.
  public init(width: Int, height: Int, channels: Int = 1, intensities: some Sequence<Float>) {
    self.init(
      width: width, height: height, channels: channels,
      planes: intensities.map { UInt8(intensity: $0) })
  }

  /// One channel's rows after the other's.
  public var planes: [UInt8] {
    let area = width * height
    return channels == 1
      ? pixels : pixels.indices.map { pixels[$0 % area * channels + $0 / area] }
  }
}

extension UInt8 {
  /// An intensity in [0, 1] in 8 bits. What lies outside is clipped, what is not a number becomes 0.
  @inlinable public init(intensity: Float) {
    self = UInt8((255 * (intensity > 0 ? Swift.min(intensity, 1) : 0)).rounded())
  }
}
