import Files
import Foundation
import TestSupport
import Testing

@Suite struct ImageReadingTests {
  /// 8×8 pixels by Pillow at quality 90: the left half 100, the right half 200.
  static let greyJPEG = """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU\
    FRUVDA8XGBYUGBIUFRT/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABv/EABgQAAIDAAAAAAAAAAAAAAAAAAAIRoTD\
    /9oACAEBAAA/AHalSqpsf//Z
    """
  /// The same size, (200, 30, 90) all over.
  static let colourJPEG = """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU\
    FRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU\
    FBQUFBQUFBT/wAARCAAIAAgDAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAV\
    AQEBAAAAAAAAAAAAAAAAAAACCP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/ABQ1qv/Z
    """

  private static func data(_ text: String) throws -> Data {
    try #require(Data(base64Encoded: text))
  }

  /// What Pillow makes of the same files.
  @Test func jpegIsDecodedAsOthersDo() throws {
    let grey = try Image(jpeg: Self.data(Self.greyJPEG), path: "a.jpg")
    #expect((grey.width, grey.height, grey.channels) == (8, 8, 1))
    #expect(Array(grey.pixels.prefix(8)) == [100, 101, 100, 100, 200, 200, 199, 201])
    let colour = try Image(jpeg: Self.data(Self.colourJPEG), path: "a.jpg")
    #expect(colour.channels == 3 && colour.planes[0..<64].allSatisfy { $0 == 200 })
    #expect(colour.pixels == Array(repeating: [200, 31, 90], count: 64).flatMap { $0 })
  }

  @Test func brokenJPEGIsNamed() throws {
    let whole = try Self.data(Self.greyJPEG)
    for data in [whole.dropLast(12), whole.prefix(30), Data([0xFF, 0xD8]), Data()] {
      let text = fileError { try Image(jpeg: Data(data), path: "a.jpg") }
      #expect(text.hasPrefix("a.jpg is not a valid JPEG file: "))
    }
  }

  @Test func contentDecidesTheFormat() throws {
    try withTemporaryFolder { folder in
      try FileSystem.write(Self.data(Self.greyJPEG), to: "\(folder)/a.png")
      #expect(try Image(contentsOf: "\(folder)/a.png").width == 8)
      try Image(width: 3, height: 1, pixels: [1, 2, 3]).write(png: "\(folder)/b.jpg")
      #expect(try Image(contentsOf: "\(folder)/b.jpg").pixels == [1, 2, 3])
      try FileSystem.write(Data("GIF89a".utf8), to: "\(folder)/c.png")
      #expect(
        fileError { try Image(contentsOf: "\(folder)/c.png") }.contains("it starts like neither"))
    }
  }

  @Test func resizingIsATriangleFilter() {
    let step = Image(width: 4, height: 1, pixels: [0, 0, 200, 200])
    // To half the size: weights 1, 3, 3, 1 over four pixels, of which the edges lack one.
    #expect(
      step.resized(to: .init(width: 2, height: 1)).pixels == [
        UInt8((200.0 * 1 / 7).rounded()), UInt8((200.0 * 6 / 7).rounded()),
      ])
    // To twice the size: between two pixels in quarters.
    #expect(
      Image(width: 2, height: 1, pixels: [0, 200]).resized(to: .init(width: 4, height: 1)).pixels
        == [0, 50, 150, 200])
    let flat = Image(width: 5, height: 7, channels: 3, pixels: [UInt8](repeating: 77, count: 105))
    #expect(Set(flat.resized(to: .init(width: 3, height: 11)).pixels) == [77])
  }

  @Test func fittingCutsTheMiddleOutOrStretches() {
    let wide = Image(width: 6, height: 2, pixels: [9, 9, 1, 2, 9, 9, 9, 9, 3, 4, 9, 9])
    let size = ImageFit.Size(width: 2, height: 2)
    #expect(wide.fitted(ImageFit(size: size)).pixels == [1, 2, 3, 4])
    #expect(wide.fitted(ImageFit(size: size, crop: .none)).pixels != [1, 2, 3, 4])
    #expect(wide.fitted(ImageFit()) == wide)
  }

  @Test func greyIsLuma() {
    let image = Image(width: 2, height: 1, channels: 3, pixels: [255, 0, 0, 10, 20, 30])
    #expect(image.grey.pixels == [76, 18] && image.grey.colour.pixels == [76, 76, 76, 18, 18, 18])
  }

  /// By `numpy.savez_compressed`, which deflates, of x = arange(6) as uint8 in the shape (2, 3).
  private static let npz = """
    UEsDBC0AAAAIAAAAIQB+ntfP//////////8FABQAeC5ucHkBABAAhgAAAAAAAABMAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6l\
    oF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgZGJmYWVgBQSwECLQMtAAAACAAAACEAfp7X\
    z0wAAACGAAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucHlQSwUGAAAAAAEAAQAzAAAAgwAAAAAA
    """

  @Test func archiveOfNumPyIsRead() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      let whole = try Self.data(Self.npz)
      try FileSystem.write(whole, to: path)
      #expect(
        try NumPyArray.archive(path) == [
          "x": NumPyArray(shape: [2, 3], elements: .uint8([0, 1, 2, 3, 4, 5]))
        ])
      var flipped = whole
      flipped[60] ^= 0x40
      for (data, fragment) in [
        (whole.dropLast(30), "no directory"), (flipped, "x.npy"), (Data(), "no directory"),
      ] {
        try FileSystem.write(Data(data), to: path)
        #expect(fileError { try NumPyArray.archive(path) }.contains(fragment))
      }
    }
  }
}
