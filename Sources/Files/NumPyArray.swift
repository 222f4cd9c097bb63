import Foundation

/// An array as NumPy's `save` stores it: `.npy` format 1.0, 2.0 or 3.0, little-endian, C order.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
public struct NumPyArray: Equatable, Sendable {
  /// The elements, in row-major order.
  public enum Elements: Equatable, Sendable {
    /// `<f4`
    case float32([Float])
    /// `|u1`
    case uint8([UInt8])
    /// `<i8`
    case int64([Int64])

    var count: Int {
      switch self {
      case .float32(let values): values.count
      case .uint8(let values): values.count
      case .int64(let values): values.count
      }
    }

    var descriptor: String {
      switch self {
      case .float32: "<f4"
      case .uint8: "|u1"
      case .int64: "<i8"
      }
    }
  }

  /// The extents, slowest first; empty for a scalar.
  public let shape: [Int]
  /// The elements.
  public let elements: Elements

  /// An array of the given elements, one for each place in `shape`.
  public init(shape: [Int], elements: Elements) {
    precondition(Self.count(shape) == elements.count, "the elements fill the shape")
    self.shape = shape
    self.elements = elements
  }

  /// Elements of a shape; `nil` where its extents, zeros left out, have a product beyond `Int`, as in NumPy.
  private static func count(_ shape: [Int]) -> Int? {
    var product = 1
    for extent in shape where extent != 0 {
      let (next, overflows) = product.multipliedReportingOverflow(by: extent)
      if overflows { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
}

// MARK: - Writing

extension NumPyArray {
  /// The file's bytes, format 1.0, data aligned to 64 bytes as NumPy does.
  public func data() -> Data {
    // A tuple of one needs its comma.
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    let tuple = shape.count > 1 ? String(extents.dropLast()) : extents
    let header =
      "{'descr': '\(elements.descriptor)', 'fortran_order': False, 'shape': (\(tuple)), }"
    let padding = String(
      repeating: " ", count: -(Self.magic.count + 4 + header.utf8.count + 1) & 63)

    var data = Data(Self.magic + [1, 0])
    let length = UInt16(header.utf8.count + padding.utf8.count + 1)
    withUnsafeBytes(of: length.littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: (header + padding + "\n").utf8)
    switch elements {
    case .float32(let values): values.withUnsafeBytes { data.append(contentsOf: $0) }
    case .uint8(let values): data.append(contentsOf: values)
    case .int64(let values): values.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  /// Writes the array to `path`, atomically.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws(FileError) {
    try FileSystem.write(data(), to: path)
  }
}

// MARK: - Reading

extension NumPyArray {
  /// Reads the array at `path`.
  ///
  /// - Throws: `FileError`.
  public init(contentsOf path: String) throws(FileError) {
    try self.init(FileSystem.read(path), path: path)
  }

  /// Decodes the file `data`, which came from `path`.
  ///
  /// - Throws: `FileError.malformed`, also for other types of elements and for Fortran order.
  public init(_ data: Data, path: String) throws(FileError) {
    func malformed(
      _ reason: String, remedy: String = "save it again with numpy.save"
    ) -> FileError {
      .malformed(path: path, format: "NumPy", reason: reason, remedy: remedy)
    }
    guard data.count >= 10, data.starts(with: Self.magic) else {
      throw malformed("it does not start with \\x93NUMPY")
    }
    let bytes = [UInt8](data)
    guard 1...3 ~= bytes[6] else { throw malformed("its format version is \(bytes[6])") }
    let sizeBytes = bytes[8..<(bytes[6] == 1 ? 10 : min(12, bytes.count))]
    let start = sizeBytes.endIndex
    let size = sizeBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard start + size <= bytes.count else { throw malformed("it ends inside its header") }
    let header = String(decoding: bytes[start..<start + size], as: UTF8.self)

    guard let descriptor = header.firstMatch(of: /'descr': *'([^']*)'/)?.1,
      let order = header.firstMatch(of: /'fortran_order': *(True|False)/)?.1,
      let tuple = header.firstMatch(of: /'shape': *\(([0-9, ]*)\)/)?.1
    else { throw malformed("its header says neither type nor shape: \(header.prefix(80))") }
    guard order == "False" else {
      throw malformed("it is in Fortran order", remedy: "save numpy.ascontiguousarray of it")
    }
    let shape = tuple.split { ", ".contains($0) }.map { Int($0) ?? .max }

    let content = bytes[(start + size)...]
    let elements: Elements
    switch descriptor {
    case "<f4": elements = .float32(Self.load(content))
    case "|u1": elements = .uint8(Array(content))
    case "<i8": elements = .int64(Self.load(content))
    case let other where other.hasPrefix(">"):
      throw malformed(
        "its elements are of type \(other), big-endian",
        remedy: "convert it with astype('<\(other.dropFirst())')")
    default:
      throw malformed(
        "its elements are of type \(descriptor)", remedy: "convert it to float32, uint8 or int64")
    }
    let width = elements.descriptor == "|u1" ? 1 : elements.descriptor == "<f4" ? 4 : 8
    guard content.count % width == 0, elements.count == Self.count(shape) else {
      throw malformed("its shape is (\(tuple)) and \(content.count) bytes follow its header")
    }
    self.init(shape: shape, elements: elements)
  }

  private static func load<Element>(_ bytes: ArraySlice<UInt8>) -> [Element] {
    let count = bytes.count / MemoryLayout<Element>.size
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(
        from: bytes.prefix(count * MemoryLayout<Element>.size))
      initialized = count
    }
  }
}
