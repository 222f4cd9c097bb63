import CGIF
import Files
import Foundation
import Testing

/// Animations as giflib reads them.
@Suite struct AnimationTests {
  private static func grey(_ start: UInt8) -> Image {
    Image(width: 5, height: 3, pixels: (0..<15).map { start &+ UInt8($0 * 17) })
  }

  @Test func greysAreKept() throws {
    let frames = [Self.grey(0), Self.grey(9), Self.grey(200)]
    let read = try GIFFile(Animation(frames: frames, delay: 12, lastDelay: 150).gif())
    #expect(read.images == frames.map { $0.pixels.flatMap { [$0, $0, $0] } })
    #expect(read.sizes.allSatisfy { $0 == [5, 3] } && read.screen == [5, 3])
    #expect(read.delays == [12, 12, 150])
    #expect(read.isRepeated)
  }

  @Test func fewColoursAreKeptButForTheirLowBits() throws {
    let image = Image(
      width: 2, height: 2, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3])
    let read = try GIFFile(Animation(frames: [image], delay: 1, lastDelay: 1).gif())
    #expect(read.images == [image.pixels])
  }

  /// 4,096 colours in a cube: with 256 boxes of 16 each, a side is off by no more than its box is wide.
  @Test func manyColoursAreNear() throws {
    let pixels = (0..<4096).flatMap { index in
      [index & 15, index >> 4 & 15, index >> 8].map { UInt8($0 * 17) }
    }
    let image = Image(width: 64, height: 64, channels: 3, pixels: pixels)
    let read = try GIFFile(Animation(frames: [image], delay: 1, lastDelay: 1).gif())
    let worst = zip(pixels, read.images[0]).map { abs(Int($0) - Int($1)) }.max()
    #expect((1...40).contains(worst ?? 0))
    #expect(
      Set(stride(from: 0, to: pixels.count, by: 3).map { Array(read.images[0][$0..<$0 + 3]) }).count
        > 200)
  }

  @Test func sameAnimationGivesTheSameBytes() throws {
    let animation = Animation(frames: [Self.grey(1), Self.grey(2)], delay: 5, lastDelay: 5)
    #expect(try animation.gif() == animation.gif())
  }

  @Test func aSideTooLongForTheFormatIsNamed() {
    let wide = Image(width: 65536, height: 1, pixels: Array(repeating: 0, count: 65536))
    #expect(throws: AnimationError.tooLarge(width: 65536, height: 1)) {
      try Animation(frames: [wide], delay: 1, lastDelay: 1).gif()
    }
  }
}

/// What giflib finds in a file.
struct GIFFile {
  private(set) var screen: [Int] = []
  /// Width and height of each frame.
  private(set) var sizes: [[Int]] = []
  /// Red, green and blue of each frame's pixels.
  private(set) var images: [[UInt8]] = []
  /// How long each is shown, in hundredths of a second.
  private(set) var delays: [Int] = []
  /// Whether it says that it is to be repeated for ever.
  private(set) var isRepeated = false

  private final class Input {
    var data: Data
    init(_ data: Data) { self.data = data }
  }

  init(_ data: Data) throws {
    let input = Input(data)
    let file = DGifOpen(
      Unmanaged.passUnretained(input).toOpaque(),
      { file, bytes, count in
        guard let source = file?.pointee.UserData, let bytes else { return 0 }
        let input = Unmanaged<Input>.fromOpaque(source).takeUnretainedValue()
        let part = input.data.prefix(Int(count))
        part.copyBytes(to: bytes, count: part.count)
        input.data.removeFirst(part.count)
        return Int32(part.count)
      }, nil)
    defer { DGifCloseFile(file, nil) }
    let gif = try #require(file)
    try #require(DGifSlurp(gif) == GIF_OK)
    screen = [Int(gif.pointee.SWidth), Int(gif.pointee.SHeight)]
    let colors = try #require(gif.pointee.SColorMap.pointee.Colors)
    for index in 0..<Int(gif.pointee.ImageCount) {
      let saved = gif.pointee.SavedImages[index]
      let (width, height) = (Int(saved.ImageDesc.Width), Int(saved.ImageDesc.Height))
      sizes.append([width, height])
      images.append(
        (0..<width * height).flatMap { pixel in
          let color = colors[Int(saved.RasterBits[pixel])]
          return [color.Red, color.Green, color.Blue]
        })
      var control = GraphicsControlBlock()
      try #require(DGifSavedExtensionToGCB(gif, Int32(index), &control) == GIF_OK)
      delays.append(Int(control.DelayTime))
      for block in 0..<Int(saved.ExtensionBlockCount) {
        let bytes = UnsafeBufferPointer(
          start: saved.ExtensionBlocks[block].Bytes,
          count: Int(saved.ExtensionBlocks[block].ByteCount))
        isRepeated = isRepeated || Array(bytes) == Array("NETSCAPE2.0".utf8)
      }
    }
  }
}
