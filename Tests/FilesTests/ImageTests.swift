import Files
import Foundation
import TestSupport
import Testing

@Suite struct ImageTests {
  private static let grey = Image(
    width: 5, height: 3, pixels: (0..<15).map { UInt8($0 * 17) })
  private static let colour = Image(
    width: 2, height: 2, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3])

  @Test(arguments: [grey, colour])
  func roundTrip(image: Image) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/image.png"
      try image.write(png: path)
      #expect(try Image(png: path) == image)
      #expect(try FileSystem.read(path) == image.png())
    }
  }

  @Test func intensitiesAreRoundedAndClipped() {
    let image = Image(
      width: 7, height: 1, intensities: [0, 0.5, 1, -3, 7, .nan, 0.0019] as [Float])
    #expect(image.pixels == [0, 128, 255, 0, 255, 0, 0])
  }

  @Test(arguments: [
    (Data(), "PNG"),
    (Data("no picture".utf8), "Not a PNG"),
    (grey.png().prefix(20), "PNG"),
    (grey.png().dropLast(20), "PNG"),
    (damaged(grey.png(), at: 20), "CRC"),
    (claiming(width: 60_000, height: 60_000), "60000 × 60000 pixels, more than 2^28"),
  ])
  func malformedFilesAreNamed(data: Data, fragment: String) {
    let text = fileError { try Image(png: Data(data), path: "image.png") }
    #expect(text.hasPrefix("image.png is not a valid PNG file: "))
    #expect(text.contains(fragment))
  }

  private static func damaged(_ data: Data, at position: Int) -> Data {
    var data = data
    data[position] ^= 0x40
    return data
  }

  /// A PNG header without a picture.
  private static func claiming(width: UInt32, height: UInt32) -> Data {
    let body =
      Data("IHDR".utf8) + withUnsafeBytes(of: width.bigEndian) { Data($0) }
      + withUnsafeBytes(of: height.bigEndian) { Data($0) } + [8, 0, 0, 0, 0]
    var crc = UInt32.max
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    let empty = Data([0, 0, 0, 0]) + Data("IDAT".utf8) + [0x35, 0xaf, 0x06, 0x1e]
    return Data([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]) + body
      + withUnsafeBytes(of: (~crc).bigEndian) { Data($0) } + empty
  }
}

@Suite struct PlanesTests {
  @Test func planesAreInterleavedAndBack() {
    let image = Image(width: 2, height: 1, channels: 3, planes: [1, 2, 3, 4, 5, 6] as [UInt8])
    #expect(image.pixels == [1, 3, 5, 2, 4, 6])
    #expect(image.planes == [1, 2, 3, 4, 5, 6])
    let intensities: [Float] = [0, 1, 0.2, 0, 0.4, -1]
    #expect(
      Image(width: 2, height: 1, channels: 3, intensities: intensities).pixels
        == [0, 51, 102, 255, 0, 0])
  }
}

@Suite struct ImageGridTests {
  private func tile(_ value: UInt8) -> Image {
    Image(width: 2, height: 1, pixels: [value, value + 1])
  }

  @Test func laysTilesOutInRows() {
    let grid = ImageGrid(columns: 2, scale: 1, separator: 1, background: 9)
    let image = grid.compose([tile(10), tile(20), tile(30)])
    #expect((image.width, image.height) == (7, 5))
    #expect(
      image.pixels == [
        9, 9, 9, 9, 9, 9, 9,
        9, 10, 11, 9, 20, 21, 9,
        9, 9, 9, 9, 9, 9, 9,
        9, 30, 31, 9, 9, 9, 9,
        9, 9, 9, 9, 9, 9, 9,
      ])
  }

  @Test func putsReconstructionsBelowOriginals() {
    let grid = ImageGrid(columns: 2, scale: 1, separator: 0, background: 0)
    let image = grid.compose([1, 3, 5].map(tile), above: [2, 4, 6].map(tile))
    #expect(image.pixels == [1, 2, 3, 4, 2, 3, 4, 5, 5, 6, 0, 0, 6, 7, 0, 0])
  }

  @Test func replicatesPixelsAndChannels() {
    let colour = Image(width: 1, height: 1, channels: 3, pixels: [1, 2, 3])
    let image = ImageGrid(columns: 5, scale: 2, separator: 0).compose([colour])
    #expect(
      image
        == Image(
          width: 2, height: 2, channels: 3, pixels: [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]))
  }
}
