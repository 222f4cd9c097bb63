import Foundation

/// A look at the keys of a JSON object, for what decoders pass over.
enum JSONKeys {
  /// The first key that the outermost object of the valid JSON text `json` has twice, as it is
  /// spelt there.
  static func firstDuplicate(in json: Data) -> String? {
    var seen: Set<Data> = []
    var depth = 0
    var expectsKey = false
    var position = json.startIndex
    while position < json.endIndex {
      switch json[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        expectsKey = depth == 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
      case UInt8(ascii: ","):
        expectsKey = depth == 1
      case UInt8(ascii: "\""):
        let end = endOfString(in: json, from: position)
        if expectsKey {
          let key = json[position + 1..<end]
          guard seen.insert(key).inserted else { return String(decoding: key, as: UTF8.self) }
          expectsKey = false
        }
        position = end
      default: break
      }
      position += 1
    }
    return nil
  }

  /// The index of the quotation mark that closes the string opened at `start`.
  private static func endOfString(in json: Data, from start: Int) -> Int {
    var position = start + 1
    while json[position] != UInt8(ascii: "\"") {
      position += json[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return position
  }
}
