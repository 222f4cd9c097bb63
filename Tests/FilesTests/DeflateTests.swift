import Files
import Foundation
import Testing

@Suite struct DeflateTests {
  @Test(arguments: [0, 1, 7, 100_000])
  func whatIsCompressedIsRestored(count: Int) {
    let data = Data((0..<count).map { UInt8(($0 * $0) >> 3 & 0x1f) })
    let compressed = Deflate.compress(data)
    #expect(Deflate.decompress(compressed, count: count) == data)
    #expect(count < 1000 || compressed.count < count)
    #expect(Deflate.decompress(compressed, count: count + 1) == nil)
    #expect(Deflate.decompress(compressed + [0], count: count) == nil)
    #expect(Deflate.decompress(compressed.dropLast(), count: count) == nil)
    if count > 0 { #expect(Deflate.decompress(compressed, count: count - 1) == nil) }
  }

  /// As data of more than a gigabyte are.
  @Test(arguments: [1, 7, 999, 1000, 1001])
  func dataAreCompressedInPieces(piece: Int) {
    let data = Data((0..<1000).map { UInt8(($0 * $0) >> 3 & 0x1f) })
    #expect(Deflate.decompress(Deflate.compress(data, piece: piece), count: 1000) == data)
  }

  @Test func whatCannotBeIsNotAllocated() {
    #expect(Deflate.decompress(Data([1, 2, 3]), count: .max) == nil)
    #expect(Deflate.decompress(Data(), count: 0) == nil)
    #expect(Deflate.decompress(Data([1, 2, 3]), count: -1) == nil)
  }

  @Test func checksumOfTheCatalogue() {
    #expect(Deflate.crc32(Data("123456789".utf8)) == 0xCBF4_3926)
    #expect(Deflate.crc32(Data()) == 0)
  }
}
