import Foundation

/// `data` as a gzip file, in stored blocks.
func gzip(_ data: Data) -> Data {
  var file = Data([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
  var rest = data[...]
  repeat {
    let block = rest.prefix(0xffff)
    rest = rest.dropFirst(block.count)
    file.append(rest.isEmpty ? 1 : 0)
    withUnsafeBytes(of: UInt16(block.count).littleEndian) { file.append(contentsOf: $0) }
    withUnsafeBytes(of: (~UInt16(block.count)).littleEndian) { file.append(contentsOf: $0) }
    file.append(block)
  } while !rest.isEmpty
  var crc = UInt32.max
  for byte in data {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xedb8_8320 : 0) }
  }
  withUnsafeBytes(of: (~crc).littleEndian) { file.append(contentsOf: $0) }
  withUnsafeBytes(of: UInt32(data.count).littleEndian) { file.append(contentsOf: $0) }
  return file
}
