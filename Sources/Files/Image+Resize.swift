extension Image {
  /// The image in another size, by a triangle filter along rows and then along columns: linear
  /// interpolation where it grows, and where it shrinks by a factor s an average over 2s pixels, so that
  /// nothing aliases. Beyond the edges there is nothing, and the weights are made to sum to 1.
  public func resized(to size: ImageFit.Size) -> Image {
    if size.width == width && size.height == height { return self }
    let (columns, rows) = (
      Taps.all(from: width, to: size.width), Taps.all(from: height, to: size.height)
    )
    let pitch = size.width * channels
    var narrow = [Float](repeating: 0, count: height * pitch)
    for row in 0..<height {
      for (column, taps) in columns.enumerated() {
        for channel in 0..<channels {
          var sum: Float = 0
          for (index, weight) in taps.weights.enumerated() {
            sum += weight * Float(pixels[(row * width + taps.first + index) * channels + channel])
          }
          narrow[row * pitch + column * channels + channel] = sum
        }
      }
    }
    var result = [UInt8](repeating: 0, count: size.height * pitch)
    for (row, taps) in rows.enumerated() {
      for column in 0..<pitch {
        var sum: Float = 0
        for (index, weight) in taps.weights.enumerated() {
          sum += weight * narrow[(taps.first + index) * pitch + column]
        }
        result[row * pitch + column] = UInt8(max(0, min(255, sum.rounded())))
      }
    }
    return Image(width: size.width, height: size.height, channels: channels, pixels: result)
  }
}

/// The pixels that one new pixel is made of, and by how much.
private struct Taps {
  let first: Int
  let weights: [Float]

  static func all(from source: Int, to target: Int) -> [Taps] {
    let scale = Double(source) / Double(target)
    let support = max(scale, 1)
    return (0..<target).map { index in
      let centre = (Double(index) + 0.5) * scale
      let first = max(0, Int((centre - support - 0.5).rounded(.up)))
      let last = max(first, min(source - 1, Int((centre + support - 0.5).rounded(.down))))
      let weights = (first...last).map {
        max(0, 1 - abs(Double($0) + 0.5 - centre) / support)
      }
      let total = weights.reduce(0, +)
      return Taps(first: first, weights: weights.map { Float($0 / total) })
    }
  }
}
