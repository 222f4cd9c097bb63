import CZlib
import Foundation

/// The gzip format (RFC 1952), through zlib.
public enum Gzip {
  /// Whether `data` starts as a gzip file does.
  public static func isCompressed(_ data: Data) -> Bool {
    data.starts(with: [0x1f, 0x8b])
  }

  /// The decompressed content of `data`, which may hold several members one after the other, as
  /// `cat a.gz b.gz` makes them, and zeros behind the last one, as tapes do.
  ///
  /// - Parameters:
  ///   - path: The file that `data` came from, for error messages.
  ///   - limit: The most bytes to produce: a few kilobytes can expand to any size.
  /// - Throws: `FileError.malformed`.
  public static func decompress(
    _ data: Data, path: String, limit: Int = 1 << 32
  ) throws(FileError) -> Data {
    var inflater = Inflater(input: data, limit: limit)
    do throws(InflateError) {
      return try inflater.run()
    } catch {
      throw FileError.malformed(
        path: path, format: "gzip", reason: error.reason,
        remedy: error == .tooLarge(limit: limit)
          ? "decompress it by hand if it is to be trusted" : "fetch it again")
    }
  }

  /// How many bytes to begin with for the content of `data`: the size that its last four bytes state (modulo 2³²),
  /// and one more, so that the end is seen without growing. Of a truncated file they are anything: not believed
  /// where images hardly compress so well.
  package static func room(for data: Data) -> Int {
    let stated = data.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    return 1 + max(1 << 16, stated <= 32 * data.count ? stated : 4 * data.count)
  }
}

private enum InflateError: Error, Equatable {
  case truncated
  case corrupt(String)
  case trailingBytes(Int)
  case tooLarge(limit: Int)

  var reason: String {
    switch self {
    case .truncated: "it ends in the middle of the compressed data"
    case .corrupt(let message): "its compressed data are corrupt (\(message))"
    case .trailingBytes(let count): "\(count) bytes follow its compressed data"
    case .tooLarge(let limit): "it expands to more than \(limit) bytes"
    }
  }
}

private struct Inflater {
  let input: Data
  let limit: Int
  private var output = Data()
  private var produced = 0

  init(input: Data, limit: Int) {
    self.input = input
    self.limit = limit
  }

  mutating func run() throws(InflateError) -> Data {
    var offset = 0
    repeat {
      offset += try member(from: offset)
    } while Gzip.isCompressed(input.dropFirst(offset))

    let rest = input.dropFirst(offset)
    guard rest.allSatisfy({ $0 == 0 }) else { throw .trailingBytes(rest.count) }
    output.count = produced
    return output
  }

  /// Appends the member that starts at `offset` to the output; its compressed length.
  private mutating func member(from offset: Int) throws(InflateError) -> Int {
    var stream = z_stream()
    // 16 asks for the gzip wrapper, 15 for the largest window.
    guard
      inflateInit2_(&stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .corrupt("zlib could not start") }
    defer { inflateEnd(&stream) }

    var consumed = 0
    while true {
      if produced == output.count {
        guard produced <= limit else { throw .tooLarge(limit: limit) }
        output.count = min(limit + 1, output.isEmpty ? Gzip.room(for: input) : 2 * output.count)
      }
      let available = min(input.count - offset - consumed, Int(UInt32.max))
      let room = min(output.count - produced, Int(UInt32.max))
      let status = output.withUnsafeMutableBytes { output in
        input.withUnsafeBytes { input in
          stream.next_in = UnsafeMutablePointer(
            mutating: input.bindMemory(to: UInt8.self).baseAddress?.advanced(by: offset + consumed))
          stream.avail_in = UInt32(available)
          stream.next_out = output.bindMemory(to: UInt8.self).baseAddress?.advanced(by: produced)
          stream.avail_out = UInt32(room)
          return inflate(&stream, Z_NO_FLUSH)
        }
      }
      consumed += available - Int(stream.avail_in)
      produced += room - Int(stream.avail_out)

      switch status {
      case Z_STREAM_END:
        guard produced <= limit else { throw .tooLarge(limit: limit) }
        return consumed
      case Z_OK where consumed + offset < input.count || produced == output.count: continue
      case Z_OK, Z_BUF_ERROR: throw .truncated
      default: throw .corrupt(stream.msg.map { String(cString: $0) } ?? "error \(status)")
      }
    }
  }
}
