/// Lays images of one size out in rows and columns: contact sheets, samples, reconstructions.
public struct ImageGrid: Sendable {
  /// Tiles in a full row.
  public var columns: Int
  /// Each pixel becomes a square of `scale × scale`.
  public var scale: Int
  /// Pixels between tiles and around them, after scaling.
  public var separator: Int
  /// Intensity of the separators and of places without a tile.
  public var background: UInt8

  /// A grid of the given layout.
  public init(columns: Int, scale: Int = 2, separator: Int = 2, background: UInt8 = 64) {
    precondition(columns > 0 && scale > 0 && separator >= 0, "a grid has columns and a scale")
    self.columns = columns
    self.scale = scale
    self.separator = separator
    self.background = background
  }

  /// `tiles` row by row.
  public func compose(_ tiles: [Image]) -> Image {
    compose(rows: rows(of: tiles))
  }

  /// Each row of `upper` directly above the same row of `lower`: originals above reconstructions.
  public func compose(_ upper: [Image], above lower: [Image]) -> Image {
    compose(layers: [upper, lower])
  }

  /// Each row of a layer directly above the same row of the next: images, with noise, denoised.
  public func compose(layers: [[Image]]) -> Image {
    precondition(
      layers.allSatisfy { $0.count == layers[0].count }, "an image of a layer has one in each other"
    )
    let layers = layers.map(rows)
    return compose(rows: layers[0].indices.flatMap { row in layers.map { $0[row] } })
  }

  private func rows(of tiles: [Image]) -> [ArraySlice<Image>] {
    stride(from: 0, to: tiles.count, by: columns).map { tiles[$0...].prefix(columns) }
  }

  private func compose(rows: [ArraySlice<Image>]) -> Image {
    guard let first = rows.first?.first else {
      preconditionFailure("a grid has at least one image")
    }
    let channels = first.channels
    let (pitchX, pitchY) = (first.width * scale + separator, first.height * scale + separator)
    let width = (rows.map(\.count).max() ?? 0) * pitchX + separator
    let height = rows.count * pitchY + separator
    var pixels = [UInt8](repeating: background, count: width * height * channels)

    for (row, tiles) in rows.enumerated() {
      for (column, tile) in tiles.enumerated() {
        precondition(
          tile.width == first.width && tile.height == first.height && tile.channels == channels,
          "the images of a grid have one size")
        let left = separator + column * pitchX
        let top = separator + row * pitchY
        for y in 0..<tile.height * scale {
          for x in 0..<tile.width * scale {
            let source = (y / scale * tile.width + x / scale) * channels
            let target = ((top + y) * width + left + x) * channels
            for channel in 0..<channels {
              pixels[target + channel] = tile.pixels[source + channel]
            }
          }
        }
      }
    }
    return Image(width: width, height: height, channels: channels, pixels: pixels)
  }
}
