import Files
import Foundation

/// Cells of codes as bytes, and those deflated.
///
/// All images' cells of one dimension stand together, so that a dimension's own frequencies are met, their
/// low bytes before the high ones where there are more than 8 bits. The labels follow, where there are any.
public enum CodePayload {
  /// The deflated cells of `dimensions` a code, row by row, and labels.
  public static func encode(
    _ indices: [UInt16], dimensions: Int, bits: Int, labels: [UInt8] = []
  ) -> Data {
    var bytes = Data(capacity: size(count: indices.count / dimensions, dimensions, bits: bits))
    for dimension in 0..<dimensions {
      let column = stride(from: dimension, to: indices.count, by: dimensions).map { indices[$0] }
      bytes.append(contentsOf: column.map { UInt8(truncatingIfNeeded: $0) })
      if bits > 8 { bytes.append(contentsOf: column.map { UInt8($0 >> 8) }) }
    }
    return Deflate.compress(bytes + labels)
  }

  /// The cells of `count` codes and their labels, or nil where `data` does not hold just those.
  static func decode(
    _ data: Data, count: Int, dimensions: Int, bits: Int, hasLabels: Bool
  ) -> (indices: [UInt16], labels: [UInt8])? {
    let size = size(count: count, dimensions, bits: bits)
    let expected = size + (hasLabels ? count : 0)
    guard let inflated = Deflate.decompress(data, count: expected) else { return nil }
    let bytes = [UInt8](inflated)
    var indices = [UInt16](repeating: 0, count: count * dimensions)
    let planes = bits > 8 ? 2 : 1
    for dimension in 0..<dimensions {
      let start = dimension * planes * count
      for row in 0..<count {
        let high = planes == 2 ? UInt16(bytes[start + count + row]) << 8 : 0
        indices[row * dimensions + dimension] = high | UInt16(bytes[start + row])
      }
    }
    guard indices.allSatisfy({ $0 >> (bits - 1) < 2 }) else { return nil }
    return (indices, Array(bytes[size...]))
  }

  private static func size(count: Int, _ dimensions: Int, bits: Int) -> Int {
    count * dimensions * (bits > 8 ? 2 : 1)
  }
}
