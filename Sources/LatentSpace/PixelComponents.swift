import Statistics

/// Principal components of images: the linear counterpart of an encoder and a decoder.
public struct PixelComponents: Sendable {
  /// The components, of intensities in [0, 1].
  public let components: PrincipalComponents
  private let pixels: Int

  /// The most values of an image: the covariance has the square of them.
  public static let maximumPixels = Matrix.largestCovariance

  /// The components of images of `pixels` values each.
  ///
  /// - Parameters:
  ///   - progress: called with the number of images done.
  /// - Throws: `StatisticsError`.
  public init(_ images: [UInt8], pixels: Int, progress: (Int) -> Void = { _ in })
    throws(StatisticsError)
  {
    var moments = try Moments(dimensions: pixels)
    for batch in Self.batches(images.count / pixels) {
      moments.add(
        Matrix(
          columns: pixels,
          pixels: images[batch.lowerBound * pixels..<batch.upperBound * pixels]))
      progress(batch.upperBound)
    }
    components = try PrincipalComponents(moments)
    self.pixels = pixels
  }

  /// The coordinates of `images` along the first `count` directions, one row an image.
  public func project(_ images: [UInt8], count: Int) -> Matrix {
    let values = Self.batches(images.count / pixels).flatMap { batch in
      let range = batch.lowerBound * pixels..<batch.upperBound * pixels
      return components.project(Matrix(columns: pixels, pixels: images[range]), count: count)
        .values
    }
    return Matrix(rows: images.count / pixels, columns: count, values: values)
  }

  /// How far the images with the given coordinates are from `originals`.
  public func distortion(of coordinates: Matrix, from originals: [UInt8]) -> Distortion {
    var distortion = Distortion()
    for batch in Self.batches(coordinates.rows) {
      distortion.add(
        originals[batch.lowerBound * pixels..<batch.upperBound * pixels],
        components.reconstruct(coordinates[rows: batch]).singles)
    }
    return distortion
  }

  private static func batches(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: 1024).map { $0..<min($0 + 1024, count) }
  }
}
