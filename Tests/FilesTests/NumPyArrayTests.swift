import Files
import Foundation
import TestSupport
import Testing

@Suite struct NumPyArrayTests {
  private static func file(_ header: String, data: [UInt8], version: UInt8 = 1) -> Data {
    let count = header.utf8.count
    let size: [UInt8] = [UInt8(count % 256), UInt8(count / 256)] + (version > 1 ? [0, 0] : [])
    return Data([0x93]) + Data("NUMPY".utf8) + [version, 0] + size + Data(header.utf8) + data
  }

  private static func header(_ type: String, order: String = "False", shape: String) -> String {
    "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
  }

  /// Byte for byte what `numpy.save` writes for `[[1, 2, 3], [4, 5, 6.5]]`.
  @Test func writesWhatNumPyWrites() {
    let header = Self.header("<f4", shape: "(2, 3)")
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let values: [Float] = [1, 2, 3, 4, 5, 6.5]
    let array = NumPyArray(shape: [2, 3], elements: .float32(values))
    #expect(array.data() == Self.file(padded, data: values.withUnsafeBytes { Array($0) }))
    #expect(array.data().count == 128 + 24)
  }

  @Test(arguments: [
    NumPyArray(shape: [2, 2], elements: .float32([1, .nan, -0.0, .infinity])),
    NumPyArray(shape: [3], elements: .uint8([0, 127, 255])),
    NumPyArray(shape: [], elements: .int64([.min])),
    NumPyArray(shape: [0, 4], elements: .float32([])),
  ])
  func roundTrip(array: NumPyArray) throws {
    try withTemporaryFolder { folder in
      try array.write(to: "\(folder)/a.npy")
      #expect(try NumPyArray(contentsOf: "\(folder)/a.npy").data() == array.data())
    }
  }

  @Test func readsFormat2() throws {
    let data = Self.file(
      Self.header("<i8", shape: "(1,)") + "\n", data: [9, 0, 0, 0, 0, 0, 0, 0], version: 2)
    let array = try NumPyArray(data, path: "a.npy")
    #expect(array == NumPyArray(shape: [1], elements: .int64([9])))
  }

  @Test(arguments: [
    (Data(), #"it does not start with \x93NUMPY"#),
    (Data("not an array".utf8), #"it does not start with \x93NUMPY"#),
    (file("", data: [], version: 9), "its format version is 9"),
    (file(header("<f4", shape: "(1,)"), data: []).prefix(40), "it ends inside its header"),
    (file("{}", data: []), "says neither type nor shape: {}"),
    (file(header("<f4", order: "True", shape: "(1,)"), data: [0, 0, 0, 0]), "Fortran order"),
    (file(header("<f8", shape: "(1,)"), data: []), "type <f8: convert it to float32"),
    (file(header(">f4", shape: "(1,)"), data: []), "type >f4"),
    (file(header("<f4", shape: "(2,)"), data: [0, 0, 0, 0]), "shape is (2,) and 4 bytes follow"),
    (file(header("<f4", shape: "(1,)"), data: [0, 0, 0, 0, 0]), "5 bytes follow"),
    (
      file(header("|u1", shape: "(99999999999, 99999999999, 99999999999)"), data: [0]),
      "1 bytes follow"
    ),
    // No elements, and still too large to count along the way.
    (file(header("|u1", shape: "(1099511627776, 1099511627776, 0)"), data: []), "0 bytes follow"),
  ])
  func malformedFilesAreNamed(data: Data, fragment: String) {
    let text = fileError { try NumPyArray(data, path: "a.npy") }
    #expect(text.hasPrefix("a.npy is not a valid NumPy file: "))
    #expect(text.contains(fragment))
  }
}
