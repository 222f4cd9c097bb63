import CPNG
import Foundation

extension Image {
  /// Reads the PNG file at `path`. Colour becomes RGB, palettes included, anything else grey; 16-bit
  /// images lose their lower half, and transparency shows black.
  ///
  /// - Throws: `FileError`.
  public init(png path: String) throws(FileError) {
    try self.init(png: FileSystem.read(path), path: path)
  }

  /// Decodes the PNG file `data`, which came from `path`.
  ///
  /// - Throws: `FileError.malformed`.
  public init(png data: Data, path: String) throws(FileError) {
    // libpng keeps the pointer from its first call to its last.
    self = try data.withUnsafeBytes { bytes in
      Result { () throws(FileError) in
        try Image.decode(bytes, path: path)
      }
    }.get()
  }

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(FileError) -> Image {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&control) }
    func malformed(_ reason: String) -> FileError {
      .malformed(path: path, format: "PNG", reason: reason, remedy: "check where it came from")
    }

    guard png_image_begin_read_from_memory(&control, bytes.baseAddress, bytes.count) != 0 else {
      throw malformed(control.text)
    }
    // A header alone must not take all the memory.
    let (width, height) = (Int(control.width), Int(control.height))
    guard width * height <= 1 << 28 else {
      throw malformed("its header says \(width) × \(height) pixels, more than 2^28")
    }
    // Without it, 16 bits would be taken for linear light and made brighter.
    control.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
    let isColour = control.format & PNG_FORMAT_FLAG_COLOR != 0
    control.format = isColour ? PNG_FORMAT_RGB : png_uint_32(PNG_FORMAT_GRAY)
    let channels = isColour ? 3 : 1
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    var background = png_color()
    guard png_image_finish_read(&control, &background, &pixels, 0, nil) != 0 else {
      throw malformed(control.text)
    }
    return Image(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// The image as a PNG file. The same image gives the same bytes.
  public func png() -> Data {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    control.width = png_uint_32(width)
    control.height = png_uint_32(height)
    control.format = channels == 3 ? PNG_FORMAT_RGB : png_uint_32(PNG_FORMAT_GRAY)

    // The first call says how long the file is.
    var size = 0
    var status = png_image_write_to_memory(&control, nil, &size, 0, pixels, 0, nil)
    precondition(status != 0, "libpng: \(control.text)")
    var data = Data(count: size)
    status = data.withUnsafeMutableBytes { buffer in
      png_image_write_to_memory(&control, buffer.baseAddress, &size, 0, pixels, 0, nil)
    }
    precondition(status != 0, "libpng: \(control.text)")
    return data
  }

  /// Writes the image as a PNG file to `path`, atomically.
  ///
  /// - Throws: `FileError`.
  public func write(png path: String) throws(FileError) {
    try FileSystem.write(png(), to: path)
  }
}

extension png_image {
  /// libpng's word on what went wrong.
  fileprivate var text: String {
    withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
