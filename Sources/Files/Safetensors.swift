import Foundation

/// A safetensors file: named tensors of single precision and a map of strings.
///
/// The format: the header's length as 8 little-endian bytes, the header as JSON, the tensors' data
/// in little-endian row-major order without gaps. See <https://github.com/huggingface/safetensors>.
public struct Safetensors: Equatable, Sendable {
  /// A tensor of the file.
  public struct Tensor: Equatable, Sendable {
    /// Its name, unique in the file.
    public let name: String
    /// Its extents, slowest first; empty for a scalar.
    public let shape: [Int]
    /// Its elements in row-major order.
    public let values: [Float]

    /// A tensor of the given values, one for each place in `shape`.
    public init(name: String, shape: [Int], values: [Float]) {
      precondition(shape.reduce(1, *) == values.count, "\(name) fills its shape")
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// The strings under `__metadata__`: configuration, counters.
  public var metadata: [String: String]
  /// The tensors, in the order of their data.
  public private(set) var tensors: [Tensor]
  private let index: [String: Int]

  /// A file of the given content. Names are unique.
  public init(metadata: [String: String] = [:], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
    self.index = Dictionary(
      uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    precondition(index[SafetensorsHeader.metadataKey] == nil, "the name of the metadata is taken")
  }

  /// The tensor called `name`.
  public subscript(name: String) -> Tensor? {
    index[name].map { tensors[$0] }
  }
}

// MARK: - Writing

extension Safetensors {
  /// The file's bytes: the metadata sorted by key, the tensors in their order, the header filled up
  /// with spaces to a multiple of eight bytes. The same content gives the same bytes.
  public func data() -> Data {
    let header = SafetensorsHeader.encode(metadata: metadata, tensors: tensors)
    let count = tensors.reduce(0) { $0 + 4 * $1.values.count }
    var data = Data(capacity: 8 + header.count + count)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(header)
    // Every platform that Swift runs on is little-endian.
    for tensor in tensors { tensor.values.withUnsafeBytes { data.append(contentsOf: $0) } }
    return data
  }

  /// Writes the file to `path`, atomically.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws(FileError) {
    try FileSystem.write(data(), to: path)
  }
}

// MARK: - Reading

extension Safetensors {
  /// Reads the file at `path`. Tensors of F16 and BF16 are widened, of F64 rounded to the nearest
  /// single.
  ///
  /// - Throws: `FileError`.
  public init(contentsOf path: String) throws(FileError) {
    try self.init(FileSystem.read(path), path: path)
  }

  /// Decodes the file `data`, which came from `path`.
  ///
  /// - Throws: `FileError.malformed` for anything the format forbids, and for tensors of integers.
  public init(_ data: Data, path: String) throws(FileError) {
    do throws(SafetensorsError) {
      let header = try SafetensorsHeader(data)
      let content = data.dropFirst(header.end)
      var tensors: [Tensor] = []
      for entry in try header.entriesInOrder(contentSize: content.count) {
        guard let format = FloatingPointFormat(rawValue: entry.dtype) else {
          throw SafetensorsError(
            "tensor \(entry.name) has dtype \(entry.dtype)", remedy: "convert it to F32")
        }
        let start = content.startIndex + entry.offsets.lowerBound
        let bytes = content[start..<start + entry.offsets.count]
        tensors.append(
          Tensor(name: entry.name, shape: entry.shape, values: format.decode(bytes)))
      }
      self.init(metadata: header.metadata, tensors: tensors)
    } catch {
      throw .malformed(
        path: path, format: "safetensors", reason: error.reason, remedy: error.remedy)
    }
  }
}

/// The dtypes that become singles.
private enum FloatingPointFormat: String {
  case double = "F64"
  case single = "F32"
  case half = "F16"
  case brain = "BF16"

  func decode(_ bytes: Data) -> [Float] {
    switch self {
    case .double: elements(bytes, UInt64.self).map { Float(Double(bitPattern: $0)) }
    case .single: elements(bytes, UInt32.self).map { Float(bitPattern: $0) }
    case .half: elements(bytes, UInt16.self).map { Float(Float16(bitPattern: $0)) }
    case .brain: elements(bytes, UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    }
  }

  private func elements<Bits: FixedWidthInteger>(_ bytes: Data, _: Bits.Type) -> [Bits] {
    let size = MemoryLayout<Bits>.size
    return [Bits](unsafeUninitializedCapacity: bytes.count / size) { buffer, count in
      bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      count = bytes.count / size
    }
  }
}
