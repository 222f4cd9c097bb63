import CZlib
import Foundation

/// The zlib format (RFC 1950) of data in memory.
public enum Deflate {
  /// `data`, smaller. Matching is weak (zlib's `Z_FILTERED`): numbers repeat by chance, and it is their
  /// unequal frequencies that save bits.
  public static func compress(_ data: Data) -> Data {
    var stream = z_stream()
    let status = deflateInit2_(
      &stream, 9, Z_DEFLATED, 15, 9, Z_FILTERED, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib starts where there is memory")
    defer { deflateEnd(&stream) }
    precondition(data.count < Int(UInt32.max) / 2, "zlib counts in 32 bits")
    var output = Data(count: Int(deflateBound(&stream, UInt(data.count))))
    let room = output.count
    let end = output.withUnsafeMutableBytes { output in
      data.withUnsafeBytes { input in
        stream.next_in = UnsafeMutablePointer(
          mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(output.count)
        return deflate(&stream, Z_FINISH)
      }
    }
    precondition(end == Z_STREAM_END, "zlib's bound holds")
    output.count = room - Int(stream.avail_out)
    return output
  }

  /// The `count` bytes that `data` holds, or nil where it holds anything else.
  public static func decompress(_ data: Data, count: Int) -> Data? {
    // Deflate makes at most 1032 bytes of one.
    guard count >= 0, count <= 1032 * data.count else { return nil }
    // A byte more than is expected, so that what holds more is seen to.
    var (output, produced) = (Data(count: count + 1), UInt(count + 1))
    var consumed = UInt(data.count)
    let status = output.withUnsafeMutableBytes { output in
      data.withUnsafeBytes { input in
        uncompress2(
          output.bindMemory(to: UInt8.self).baseAddress, &produced,
          input.bindMemory(to: UInt8.self).baseAddress, &consumed)
      }
    }
    return status == Z_OK && produced == count && consumed == data.count
      ? output.dropLast() : nil
  }

  /// The checksum CRC-32 of `data`.
  public static func crc32(_ data: Data) -> UInt32 {
    data.withUnsafeBytes { bytes in
      UInt32(
        CZlib.crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
    }
  }
}
