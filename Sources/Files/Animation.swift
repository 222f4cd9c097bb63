import CGIF
import Foundation

/// Images of one size, shown one after the other, again and again: an animated GIF.
public struct Animation: Equatable, Sendable {
  /// The images, in their order.
  public let frames: [Image]
  /// How long an image is shown, in hundredths of a second.
  public let delay: Int
  /// How long the last one is.
  public let lastDelay: Int

  /// An animation of one image at least.
  public init(frames: [Image], delay: Int, lastDelay: Int) {
    precondition(!frames.isEmpty, "an animation shows something")
    precondition(
      frames.allSatisfy { ($0.width, $0.height) == (frames[0].width, frames[0].height) },
      "the frames of an animation have one size")
    precondition((0...65535).contains(delay) && (0...65535).contains(lastDelay), "a GIF's delays")
    self.frames = frames
    self.delay = delay
    self.lastDelay = lastDelay
  }

  /// The animation as a GIF file: greys as they are, colours by a palette of 256. The same animation gives
  /// the same bytes.
  ///
  /// - Throws: `AnimationError.tooLarge`.
  public func gif() throws(AnimationError) -> Data {
    let (width, height) = (frames[0].width, frames[0].height)
    guard width <= Self.maximumSide, height <= Self.maximumSide else {
      throw .tooLarge(width: width, height: height)
    }
    let palette = Palette(of: frames)
    let output = Output()
    let file = EGifOpen(
      Unmanaged.passUnretained(output).toOpaque(),
      { file, bytes, count in
        guard let target = file?.pointee.UserData, let bytes else { return 0 }
        Unmanaged<Output>.fromOpaque(target).takeUnretainedValue().data
          .append(bytes, count: Int(count))
        return count
      }, nil)
    precondition(file != nil, "giflib: no memory")
    EGifSetGifVersion(file, true)

    let map = palette.map
    require(EGifPutScreenDesc(file, Int32(width), Int32(height), 8, 0, map))
    GifFreeMapObject(map)
    // What browsers ask for before they repeat an animation; 0 means for ever.
    require(EGifPutExtensionLeader(file, APPLICATION_EXT_FUNC_CODE))
    require(EGifPutExtensionBlock(file, 11, Array("NETSCAPE2.0".utf8)))
    require(EGifPutExtensionBlock(file, 3, [1, 0, 0] as [UInt8]))
    require(EGifPutExtensionTrailer(file))
    for (index, frame) in frames.enumerated() {
      put(frame, palette, for: index == frames.count - 1 ? lastDelay : delay, into: file)
    }
    require(EGifCloseFile(file, nil))
    return output.data
  }

  /// Writes the animation as a GIF file to `path`, atomically.
  ///
  /// - Throws: `AnimationError.tooLarge` or `FileError`.
  public func write(gif path: String) throws {
    try FileSystem.write(gif(), to: path)
  }

  /// The largest side of a GIF, in pixels.
  public static let maximumSide = 65535

  private func put(
    _ frame: Image, _ palette: Palette, for delay: Int,
    into file: UnsafeMutablePointer<GifFileType>?
  ) {
    var control = GraphicsControlBlock(
      DisposalMode: DISPOSE_DO_NOT, UserInputFlag: false, DelayTime: Int32(delay),
      TransparentColor: NO_TRANSPARENT_COLOR)
    var bytes = [UInt8](repeating: 0, count: 4)
    EGifGCBToExtension(&control, &bytes)
    require(EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, 4, bytes))
    require(EGifPutImageDesc(file, 0, 0, Int32(frame.width), Int32(frame.height), false, nil))
    var indices = palette.indices(of: frame)
    indices.withUnsafeMutableBufferPointer { indices in
      for row in 0..<frame.height {
        require(
          EGifPutLine(
            file, indices.baseAddress?.advanced(by: row * frame.width), Int32(frame.width)))
      }
    }
  }

  /// Writing to memory fails on a mistake of ours alone.
  private func require(_ status: Int32) { precondition(status == GIF_OK, "giflib refuses") }

  /// Where giflib writes.
  private final class Output {
    var data = Data()
  }
}

/// Why there is no GIF.
public enum AnimationError: Error, Equatable, CustomStringConvertible {
  /// A side is longer than the format can say.
  case tooLarge(width: Int, height: Int)

  /// One line for a person.
  public var description: String {
    switch self {
    case .tooLarge(let width, let height):
      "a GIF of \(width) × \(height) pixels cannot be: a side has \(Animation.maximumSide) at most; "
        + "show fewer images"
    }
  }
}

extension Palette {
  /// As giflib has it, to be freed by `GifFreeMapObject`.
  fileprivate var map: UnsafeMutablePointer<ColorMapObject>? {
    // A GIF has a power of two of them.
    let padded = colors + Array(repeating: .zero, count: 256 - colors.count)
    return GifMakeMapObject(256, padded.map { GifColorType(Red: $0.x, Green: $0.y, Blue: $0.z) })
  }
}
