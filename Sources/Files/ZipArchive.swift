import CZlib
import Foundation

/// A zip archive in memory, as far as `numpy.savez` and `numpy.savez_compressed` need it: files stored or
/// deflated, none encrypted, all of it below 2 GB (APPNOTE.TXT 6.3.10, without ZIP64).
struct ZipArchive {
  /// A file in it, as the directory at the archive's end describes it.
  struct Entry {
    let name: String
    let method: Int
    let crc: UInt32
    let compressedSize, size: Int
    /// Where its local header begins.
    let offset: Int
  }

  private let bytes: [UInt8]
  private let path: String
  /// The files in the directory's order.
  private(set) var entries: [Entry] = []

  private static let directoryEnd: UInt32 = 0x0605_4b50
  private static let directoryEntry: UInt32 = 0x0201_4b50
  private static let localHeader: UInt32 = 0x0403_4b50

  /// Reads the directory of `data`, which came from `path`.
  ///
  /// - Throws: `FileError.malformed`.
  init(_ data: Data, path: String) throws(FileError) {
    bytes = [UInt8](data)
    self.path = path
    // 22 bytes, and a comment of at most 65,535.
    guard bytes.count >= 22,
      let end = (max(0, bytes.count - 22 - 0xFFFF)...bytes.count - 22).last(where: {
        word($0) == Self.directoryEnd
      })
    else { throw malformed("no directory is at its end, so that it may have been cut short") }
    let count = half(end + 10)
    guard count != 0xFFFF, word(end + 16) != .max else {
      throw malformed(
        "it is of more than 2 GB (ZIP64)",
        remedy: "save fewer images in it, or uint8 in place of float32")
    }
    var place = Int(word(end + 16))
    for _ in 0..<count {
      guard place + 46 <= bytes.count, word(place) == Self.directoryEntry else {
        throw malformed("its directory is damaged")
      }
      let (nameSize, extra, comment) = (half(place + 28), half(place + 30), half(place + 32))
      guard place + 46 + nameSize <= bytes.count else {
        throw malformed("its directory is damaged")
      }
      entries.append(
        Entry(
          name: String(decoding: bytes[place + 46..<place + 46 + nameSize], as: UTF8.self),
          method: half(place + 10), crc: word(place + 16), compressedSize: Int(word(place + 20)),
          size: Int(word(place + 24)), offset: Int(word(place + 42))))
      place += 46 + nameSize + extra + comment
    }
  }

  /// The content of `entry`, its checksum compared.
  ///
  /// - Throws: `FileError.malformed`.
  func content(of entry: Entry) throws(FileError) -> Data {
    let start = entry.offset
    guard start + 30 <= bytes.count, word(start) == Self.localHeader else {
      throw malformed("the header of \(entry.name) is damaged")
    }
    let first = start + 30 + half(start + 26) + half(start + 28)
    guard first + entry.compressedSize <= bytes.count else {
      throw malformed("it ends inside \(entry.name)")
    }
    let packed = bytes[first..<first + entry.compressedSize]
    let content: Data
    switch entry.method {
    case 0: content = Data(packed)
    case 8: content = try inflate(packed, of: entry)
    default:
      throw malformed(
        "\(entry.name) is compressed by method \(entry.method)",
        remedy: "save it again with numpy.savez or numpy.savez_compressed")
    }
    let crc = content.withUnsafeBytes {
      crc32_z(0, $0.bindMemory(to: UInt8.self).baseAddress, $0.count)
    }
    guard content.count == entry.size, crc == entry.crc else {
      throw malformed("\(entry.name) does not have the checksum that its directory says")
    }
    return content
  }

  private func inflate(_ packed: ArraySlice<UInt8>, of entry: Entry) throws(FileError) -> Data {
    // Deflate makes at most 1032 bytes of one.
    guard entry.size <= 1032 * packed.count + 64 else {
      throw malformed("\(entry.name) cannot be as long as its directory says")
    }
    var stream = z_stream()
    // A negative window is for deflate without a wrapper.
    guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw malformed("zlib could not start") }
    defer { inflateEnd(&stream) }
    var content = Data(count: entry.size)
    let status = content.withUnsafeMutableBytes { output in
      packed.withUnsafeBytes { input in
        stream.next_in = UnsafeMutablePointer(
          mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(output.count)
        return CZlib.inflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, stream.total_out == entry.size else {
      throw malformed("the compressed data of \(entry.name) are corrupt")
    }
    return content
  }

  private func malformed(
    _ reason: String, remedy: String = "fetch it again, or save it with numpy.savez"
  ) -> FileError {
    .malformed(path: path, format: "npz", reason: reason, remedy: remedy)
  }

  private func half(_ offset: Int) -> Int { Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 }

  private func word(_ offset: Int) -> UInt32 {
    UInt32(half(offset)) | UInt32(half(offset + 2)) << 16
  }
}

extension NumPyArray {
  /// The arrays of the `.npz` archive at `path`, by name.
  ///
  /// - Throws: `FileError`.
  public static func archive(_ path: String) throws(FileError) -> [String: NumPyArray] {
    let archive = try ZipArchive(FileSystem.read(path), path: path)
    var arrays: [String: NumPyArray] = [:]
    for entry in archive.entries where entry.name.hasSuffix(".npy") {
      let name = String(entry.name.dropLast(4))
      arrays[name] = try NumPyArray(archive.content(of: entry), path: "\(path)[\(name)]")
    }
    return arrays
  }
}
