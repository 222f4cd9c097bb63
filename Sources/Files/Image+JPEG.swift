import CTurboJPEG
import Foundation

extension Image {
  /// Decodes the JPEG file `data`, which came from `path`: RGB, or grey where the file is. A camera's
  /// note on how it was held (Exif's orientation) is not followed.
  ///
  /// - Throws: `FileError.malformed`, also where only a part of the image is there, and for the four
  ///   inks of CMYK.
  public init(jpeg data: Data, path: String) throws(FileError) {
    func malformed(_ reason: String, remedy: String = "check where it came from") -> FileError {
      .malformed(path: path, format: "JPEG", reason: reason, remedy: remedy)
    }
    guard let decoder = tjInitDecompress() else { throw malformed("libjpeg-turbo cannot start") }
    defer { tjDestroy(decoder) }
    func reason() -> String { String(cString: tjGetErrorStr2(decoder)) }

    let bytes = [UInt8](data)
    var (width, height, subsampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard
      tjDecompressHeader3(
        decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &space) == 0
    else { throw malformed(reason()) }
    guard space != TJCS_CMYK.rawValue, space != TJCS_YCCK.rawValue else {
      throw malformed("its colours are those of four inks (CMYK)", remedy: "convert it to RGB")
    }
    // A header alone must not take all the memory.
    guard Int(width) * Int(height) <= 1 << 28 else {
      throw malformed("its header says \(width) × \(height) pixels, more than 2^28")
    }
    let isGrey = space == TJCS_GRAY.rawValue
    let channels = isGrey ? 1 : 3
    var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * channels)
    // What libjpeg only warns of, it has filled in with grey.
    guard
      tjDecompress2(
        decoder, bytes, UInt(bytes.count), &pixels, width, 0, height,
        (isGrey ? TJPF_GRAY : TJPF_RGB).rawValue, TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING) == 0
    else { throw malformed(reason()) }
    self.init(width: Int(width), height: Int(height), channels: channels, pixels: pixels)
  }

  /// Reads the PNG or JPEG file at `path`, whichever its first bytes say it is.
  ///
  /// - Throws: `FileError`.
  public init(contentsOf path: String) throws(FileError) {
    let data = try FileSystem.read(path)
    if data.starts(with: [0xFF, 0xD8]) {
      try self.init(jpeg: data, path: path)
    } else if data.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      try self.init(png: data, path: path)
    } else {
      throw FileError.malformed(
        path: path, format: "PNG or JPEG", reason: "it starts like neither",
        remedy: "convert it, or take it out of the folder")
    }
  }
}
