import Files
import Foundation

/// The IDX format of MNIST: a magic number and the extents as 32-bit big-endian words, then bytes.
package enum IDX {
  /// What a file holds. The raw values are the magic numbers: 8 for bytes, then the number of
  /// dimensions.
  package enum Content: UInt32 {
    case labels = 0x0801
    case images = 0x0803

    var dimensions: Int { Int(rawValue & 0xff) }
    var name: String { self == .labels ? "labels" : "images" }
  }

  /// Extents and bytes of a file.
  package struct Array: Equatable {
    package let shape: [Int]
    package let bytes: [UInt8]

    package init(shape: [Int], bytes: [UInt8]) {
      self.shape = shape
      self.bytes = bytes
    }
  }

  /// Reads the file at `path`, gzip-compressed or not, which must hold `content`.
  static func read(_ content: Content, from path: String) throws(DatasetError) -> Array {
    try decode(content, contents(of: path), path: path)
  }

  /// The bytes of the file at `path`, decompressed if need be.
  package static func contents(of path: String) throws(DatasetError) -> Data {
    do throws(FileError) {
      let data = try FileSystem.read(path)
      return Gzip.isCompressed(data) ? try Gzip.decompress(data, path: path) : data
    } catch {
      throw .file(error)
    }
  }

  /// The bytes of a file.
  package static func encode(_ content: Content, _ array: Array) -> Data {
    precondition(array.shape.count == content.dimensions, "the shape is that of the content")
    var data = Data()
    for word in [content.rawValue] + array.shape.map({ UInt32($0) }) {
      withUnsafeBytes(of: word.bigEndian) { data.append(contentsOf: $0) }
    }
    return data + array.bytes
  }

  static func decode(
    _ content: Content, _ data: Data, path: String
  ) throws(DatasetError) -> Array {
    func malformed(_ reason: String) -> DatasetError { .malformed(path: path, reason: reason) }

    let headerSize = 4 * (1 + content.dimensions)
    guard data.count >= 4 else { throw malformed("it has only \(data.count) bytes") }
    let magic = word(data, at: 0)
    guard magic == content.rawValue else {
      let found = Content(rawValue: magic).map { ", that of \($0.name)" } ?? ""
      throw malformed(
        "its magic number is \(magic)\(found), not \(content.rawValue), that of \(content.name)")
    }
    guard data.count >= headerSize else {
      throw malformed("it ends inside its header, after \(data.count) bytes")
    }
    let shape = (1...content.dimensions).map { Int(word(data, at: 4 * $0)) }
    guard shape[0] > 0 else { throw malformed("it has no \(content.name)") }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw malformed("its images are of \(shape[2]) × \(shape[1]) pixels")
    }

    let (size, found) = (shape.reduce(1.0) { $0 * Double($1) }, data.count - headerSize)
    let extents = shape.map { "\($0)" }.joined(separator: " × ")
    guard Double(found) >= size else {
      throw malformed("it is truncated: \(found) bytes follow its header, which says \(extents)")
    }
    guard Double(found) == size else {
      throw malformed(
        "\(found - Int(size)) bytes too many follow its header, which says \(extents)")
    }
    return Array(shape: shape, bytes: [UInt8](data.dropFirst(headerSize)))
  }

  private static func word(_ data: Data, at offset: Int) -> UInt32 {
    data.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
