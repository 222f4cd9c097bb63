import CZlib
import Foundation

/// The zlib format (RFC 1950) of data in memory.
public enum Deflate {
  /// `data`, smaller. Matching is weak (zlib's `Z_FILTERED`): numbers repeat by chance, and it is their
  /// unequal frequencies that save bits.
  public static func compress(_ data: Data) -> Data { compress(data, piece: 1 << 30) }

  /// The same, at most `piece` bytes handed over at a time: zlib counts what is at hand in 32 bits.
  package static func compress(_ data: Data, piece: Int) -> Data {
    var stream = z_stream()
    let status = deflateInit2_(
      &stream, 9, Z_DEFLATED, 15, 9, Z_FILTERED, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib starts where there is memory")
    defer { deflateEnd(&stream) }
    var output = Data(count: Int(deflateBound(&stream, UInt(data.count))))
    let (room, size) = (output.count, data.count)
    let end = output.withUnsafeMutableBytes { output in
      data.withUnsafeBytes { input in
        // zlib moves both pointers on.
        stream.next_in = UnsafeMutablePointer(
          mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        var status = Z_OK
        while status == Z_OK {
          let left = size - Int(stream.total_in)
          stream.avail_in = UInt32(min(left, piece))
          stream.avail_out = UInt32(min(room - Int(stream.total_out), piece))
          status = deflate(&stream, left <= piece ? Z_FINISH : Z_NO_FLUSH)
        }
        return status
      }
    }
    precondition(end == Z_STREAM_END, "zlib's bound holds")
    output.count = Int(stream.total_out)
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
