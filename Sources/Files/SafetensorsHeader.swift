import Foundation

/// What is wrong with a safetensors file.
struct SafetensorsError: Error {
  let reason: String
  let remedy: String

  init(_ reason: String, remedy: String = "write it again, or use another file") {
    self.reason = reason
    self.remedy = remedy
  }
}

/// The JSON at the start of a safetensors file: `{"__metadata__": {…}, "name": {"dtype": "F32",
/// "shape": […], "data_offsets": [begin, end]}, …}`.
struct SafetensorsHeader {
  static let metadataKey = "__metadata__"
  /// The format's own limit on the header, in bytes.
  static let sizeLimit = 100_000_000

  struct Entry {
    let name: String
    let dtype: String
    let shape: [Int]
    /// Where its bytes are, counted from the end of the header.
    let offsets: Range<Int>
  }

  let metadata: [String: String]
  private let entries: [Entry]
  /// The offset in the file at which the tensors' data begin.
  let end: Int

  /// Parses the header of the file `data`.
  init(_ data: Data) throws(SafetensorsError) {
    guard data.count >= 8 else {
      throw SafetensorsError("it has \(data.count) bytes, too few for a header")
    }
    let size = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard size <= Self.sizeLimit else {
      throw SafetensorsError("its header claims \(size) bytes: it is of another kind or corrupt")
    }
    guard Int(size) <= data.count - 8 else {
      throw SafetensorsError(
        "its header claims \(size) bytes and only \(data.count - 8) follow: it is truncated")
    }
    end = 8 + Int(size)
    let json = data.dropFirst(8).prefix(Int(size))

    let content: Content
    do {
      content = try JSONDecoder().decode(Content.self, from: json)
    } catch {
      throw SafetensorsError("its header \(Self.explain(error))")
    }
    // The decoder would have taken one of the two.
    if let name = JSONKeys.firstDuplicate(in: json) {
      throw SafetensorsError("its header names \(name) twice")
    }
    metadata = content.metadata
    entries = content.entries
  }

  /// The entries in the order of their data, once each is known to describe its bytes, and all
  /// together to cover the `contentSize` bytes behind the header without gap or overlap.
  func entriesInOrder(contentSize: Int) throws(SafetensorsError) -> [Entry] {
    let ordered = entries.sorted {
      ($0.offsets.lowerBound, $0.offsets.upperBound, $0.name)
        < ($1.offsets.lowerBound, $1.offsets.upperBound, $1.name)
    }
    var end = 0
    for entry in ordered {
      guard let bits = Self.bits[entry.dtype] else {
        throw SafetensorsError("tensor \(entry.name) has the unknown dtype \(entry.dtype)")
      }
      var count = bits
      for extent in entry.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        guard extent >= 0 && !overflow else {
          throw SafetensorsError("tensor \(entry.name) has the impossible shape \(entry.shape)")
        }
        count = product
      }
      guard count % 8 == 0 && count / 8 == entry.offsets.count else {
        throw SafetensorsError(
          "tensor \(entry.name) has \(entry.offsets.count) bytes, and its shape \(entry.shape) of "
            + "\(entry.dtype) needs \((count + 7) / 8)")
      }
      guard entry.offsets.lowerBound == end else {
        throw SafetensorsError(
          "tensor \(entry.name) starts at byte \(entry.offsets.lowerBound) of the data "
            + (entry.offsets.lowerBound < end ? "inside another" : "after a hole")
            + ", not at \(end)")
      }
      end = entry.offsets.upperBound
      guard end <= contentSize else {
        throw SafetensorsError(
          "tensor \(entry.name) ends at byte \(end) of the data and there are \(contentSize): "
            + "it is truncated")
      }
    }
    guard end == contentSize else {
      throw SafetensorsError("\(contentSize - end) bytes at its end belong to no tensor")
    }
    return ordered
  }

  /// Bits in an element of each dtype that the format knows.
  private static let bits = [
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F4": 4, "F6_E2M3": 6,
    "F6_E3M2": 6, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32,
    "I64": 64, "U64": 64, "F64": 64, "C64": 64,
  ]

  private static func explain(_ error: any Error) -> String {
    switch error {
    case let error as SafetensorsError:
      return error.reason
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.keyNotFound(_, let context):
      return explain(context)
    // Foundation calls a fraction in the place of an integer invalid too.
    default:
      return "is not valid JSON"
    }
  }

  private static func explain(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return "is not as it should be"
      + (path.isEmpty ? ": it is no object" : " at \(path): \(context.debugDescription)")
  }

  // MARK: - Encoding

  static func encode(metadata: [String: String], tensors: [Safetensors.Tensor]) -> Data {
    var members: [String] = []
    if !metadata.isEmpty {
      let strings = metadata.sorted { $0.key < $1.key }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\(quoted(metadataKey)):{\(strings.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map { "\($0)" }.joined(separator: ",")
      members.append(
        #"\#(quoted(tensor.name)):{"dtype":"F32","shape":[\#(shape)],"#
          + #""data_offsets":[\#(offset),\#(end)]}"#)
      offset = end
    }
    var header = Data("{\(members.joined(separator: ","))}".utf8)
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: -header.count & 7))
    return header
  }

  /// `string` as a JSON string.
  private static func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

// MARK: - Decoding

/// The header as JSON gives it.
private struct Content: Decodable {
  var metadata: [String: String] = [:]
  var entries: [SafetensorsHeader.Entry] = []

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Description: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for key in container.allKeys {
      if key.stringValue == SafetensorsHeader.metadataKey {
        metadata = try container.decode([String: String].self, forKey: key)
        continue
      }
      let description = try container.decode(Description.self, forKey: key)
      let offsets = description.data_offsets
      guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
        throw SafetensorsError(
          "gives tensor \(key.stringValue) the impossible data_offsets \(offsets)")
      }
      entries.append(
        .init(
          name: key.stringValue, dtype: description.dtype, shape: description.shape,
          offsets: offsets[0]..<offsets[1]))
    }
  }
}
