/// How images of any size and kind become images of one: in this order, colours to grey, the centre cut
/// out, resized.
public struct ImageFit: Codable, Hashable, Sendable {
  /// The size to resize to, in pixels.
  public struct Size: Codable, Hashable, Sendable {
    /// Pixels in a row.
    public var width: Int
    /// Rows.
    public var height: Int

    /// What either may be.
    public static let sides = 1...1 << 16

    /// A size.
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// What becomes of an image of other proportions than the size's.
  public enum Crop: String, Codable, CaseIterable, Sendable {
    /// The largest part of those proportions in its middle is kept.
    case center
    /// It is stretched.
    case none
  }

  /// The size of every image; `nil` for the one that all have already.
  public var size: Size?
  /// What is done about other proportions.
  public var crop: Crop
  /// Whether colours become grey.
  public var isGrey: Bool

  /// By default images stay as they are.
  public init(size: Size? = nil, crop: Crop = .center, isGrey: Bool = false) {
    self.size = size
    self.crop = crop
    self.isGrey = isGrey
  }

  /// Whether an image stays as it is.
  public var isIdentity: Bool { size == nil && !isGrey }
}

extension Image {
  /// Width and height.
  public var size: ImageFit.Size { ImageFit.Size(width: width, height: height) }

  /// The image as `fit` says.
  public func fitted(_ fit: ImageFit) -> Image {
    let image = fit.isGrey ? grey : self
    guard let size = fit.size else { return image }
    return (fit.crop == .center ? image.centre(of: size) : image).resized(to: size)
  }

  /// Its luma, (299 R + 587 G + 114 B)/1000 (ITU-R BT.601), rounded.
  public var grey: Image {
    guard channels == 3 else { return self }
    let luma = stride(from: 0, to: pixels.count, by: 3).map { first in
      let (red, green, blue) = (Int(pixels[first]), Int(pixels[first + 1]), Int(pixels[first + 2]))
      return UInt8((299 * red + 587 * green + 114 * blue + 500) / 1000)
    }
    return Image(width: width, height: height, pixels: luma)
  }

  /// Grey as RGB of three equal channels.
  public var colour: Image {
    guard channels == 1 else { return self }
    return Image(
      width: width, height: height, channels: 3, pixels: pixels.flatMap { [$0, $0, $0] })
  }

  /// The largest part in the middle that has the proportions of `size`.
  private func centre(of size: ImageFit.Size) -> Image {
    let (width, height) =
      self.width * size.height > height * size.width
      ? (max(1, (height * size.width + size.height / 2) / size.height), height)
      : (self.width, max(1, (self.width * size.height + size.width / 2) / size.width))
    if (width, height) == (self.width, self.height) { return self }
    let (left, top) = ((self.width - width) / 2, (self.height - height) / 2)
    return Image(
      width: width, height: height, channels: channels,
      pixels: (top..<top + height).flatMap { row in
        let start = (row * self.width + left) * channels
        return pixels[start..<start + width * channels]
      })
  }
}
