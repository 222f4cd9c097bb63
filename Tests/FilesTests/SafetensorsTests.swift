import Files
import Foundation
import TestSupport
import Testing

@Suite struct SafetensorsTests {
  private static let example = Safetensors(
    metadata: ["step": "12", "config": #"{"a": "b\c"}"#, "ünïcode": "→\n\u{1}"],
    tensors: [
      .init(
        name: "mean.weight", shape: [2, 3],
        values: [1, -2, 3.5, .infinity, .leastNonzeroMagnitude, -0.0]),
      .init(name: "a \"quoted\" name", shape: [], values: [42]),
      .init(name: "empty", shape: [0, 7], values: []),
      .init(name: "mean.bias", shape: [1], values: [.greatestFiniteMagnitude]),
    ])

  /// A file with the given header and data.
  private static func file(_ header: String, data: [UInt8] = [], claimed: UInt64? = nil) -> Data {
    withUnsafeBytes(of: (claimed ?? UInt64(header.utf8.count)).littleEndian) { Data($0) }
      + Data(header.utf8) + data
  }

  @Test func layoutIsTheFormats() {
    let tensors = [Safetensors.Tensor(name: "w", shape: [2], values: [1, -2])]
    let header =
      #"{"__metadata__":{"k":"v"},"#
      + #""w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let padded = header + String(repeating: " ", count: -header.utf8.count & 7)
    #expect(
      Safetensors(metadata: ["k": "v"], tensors: tensors).data()
        == Self.file(padded, data: [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]))
  }

  @Test func roundTripIsExact() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/model.safetensors"
      try Self.example.write(to: path)
      let read = try Safetensors(contentsOf: path)
      #expect(read == Self.example)
      #expect(read.data() == Self.example.data())
      #expect(read["mean.bias"]?.values == [.greatestFiniteMagnitude])
      #expect(read["nothing"] == nil)
      // The data start at a multiple of eight bytes.
      #expect(read.data().prefix(8).first.map { $0 % 8 } == 0)
    }
  }

  @Test func bitsOfNaNSurvive() throws {
    let bits: UInt32 = 0x7fc1_2345
    let file = Safetensors(
      tensors: [.init(name: "x", shape: [1], values: [Float(bitPattern: bits)])])
    let read = try Safetensors(file.data(), path: "x")
    #expect(read["x"]?.values.first?.bitPattern == bits)
  }

  @Test(
    arguments: [
      ("F16", [0x00, 0x3e, 0x00, 0xfc], [1.5, -.infinity]),
      ("BF16", [0xc0, 0x3f, 0x80, 0xff], [1.5, -.infinity]),
      ("F64", [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0xf0, 0xff], [1.5, -.infinity]),
    ] as [(String, [UInt8], [Float])])
  func otherPrecisionsAreConverted(dtype: String, bytes: [UInt8], values: [Float]) throws {
    let header =
      #"{"x":{"dtype":"\#(dtype)","shape":[2],"data_offsets":[0,\#(bytes.count)]}}"#
    let read = try Safetensors(Self.file(header, data: bytes), path: "x")
    #expect(read["x"]?.values == values)
  }

  @Test(arguments: [
    (Data(), "it has 0 bytes"),
    (Data([1, 2, 3]), "it has 3 bytes"),
    (file("{}", claimed: 1 << 40), "claims 1099511627776 bytes"),
    (file("{}", claimed: .max), "of another kind or corrupt"),
    (file("{}", claimed: 3), "claims 3 bytes and only 2 follow: it is truncated"),
    (file(""), "is not valid JSON"),
    (file("{"), "is not valid JSON"),
    (file("[]"), "it is no object"),
    (file("{}\0\0"), "is not valid JSON"),
    (Data("PK\u{3}\u{4} a zip file".utf8), "of another kind or corrupt"),
    (file(#"{"__metadata__":{"a":1}}"#), "at __metadata__.a"),
    (file(#"{"x":3}"#), "at x"),
    (file(#"{"x":{"dtype":"F32","shape":[1]}}"#, data: [0, 0, 0, 0]), "data_offsets"),
    (tensor("F32", "[1.5]", "[0,4]"), "is not valid JSON"),
    (tensor("F32", "[1]", "[0]"), "impossible data_offsets [0]"),
    (tensor("F32", "[1]", "[4,0]"), "impossible data_offsets [4, 0]"),
    (tensor("F32", "[1]", "[-4,0]"), "impossible data_offsets [-4, 0]"),
    (tensor("F31", "[1]", "[0,4]"), "tensor x has the unknown dtype F31"),
    (tensor("I64", "[1]", "[0,8]", 8), "tensor x has dtype I64: convert it to F32"),
    (tensor("F32", "[-1]", "[0,4]"), "impossible shape [-1]"),
    (tensor("F32", "[4611686018427387904,4]", "[0,4]"), "impossible shape"),
    (tensor("F32", "[2]", "[0,4]"), "x has 4 bytes, and its shape [2] of F32 needs 8"),
    (tensor("F32", "[1]", "[0,4]", 3), "ends at byte 4 of the data and there are 3"),
    (tensor("F32", "[1]", "[0,4]", 5), "1 bytes at its end belong to no tensor"),
    (tensor("F32", "[1]", "[4,8]", 8), "starts at byte 4 of the data after a hole"),
    (
      file(
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
          + #""y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, data: [0, 0, 0, 0, 0, 0]),
      "tensor y starts at byte 2 of the data inside another"
    ),
    (
      file(
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
          + #""x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]),
      "its header names x twice"
    ),
  ])
  func malformedFilesAreNamed(data: Data, fragment: String) {
    let text = fileError { try Safetensors(data, path: "m.safetensors") }
    #expect(text.hasPrefix("m.safetensors is not a valid safetensors file: "))
    #expect(text.contains(fragment))
  }

  /// A file with one tensor `x` and `count` bytes of data.
  private static func tensor(
    _ dtype: String, _ shape: String, _ offsets: String, _ count: Int = 4
  ) -> Data {
    file(
      #"{"x":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#,
      data: [UInt8](repeating: 0, count: count))
  }

  /// Every truncation of a good file is an error, none a crash.
  @Test func everyTruncationIsAnError() {
    let data = Self.example.data()
    for count in 0..<data.count {
      #expect(throws: FileError.self) { try Safetensors(data.prefix(count), path: "x") }
    }
  }

  /// Whatever one byte of the header becomes, reading ends, well or with an error.
  @Test func damagedHeadersNeverCrash() {
    let data = Self.example.data()
    var failures = 0
    for position in 0..<min(data.count, 400) {
      for byte in [0, 0x22, 0x2c, 0x39, 0x5c, 0x7d, 0xff] as [UInt8] {
        var damaged = data
        damaged[position] = byte
        if (try? Safetensors(damaged, path: "x")) == nil { failures += 1 }
      }
    }
    #expect(failures > 1000)
  }
}
