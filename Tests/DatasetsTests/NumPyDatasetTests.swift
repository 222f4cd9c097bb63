import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct NumPyDatasetTests {
  private func load(_ array: NumPyArray) throws -> ImageDataset {
    var data: ImageDataset?
    try withTemporaryFolder { folder in
      try array.write(to: "\(folder)/a.npy")
      data = try ImageDataset.load("\(folder)/a.npy")
    }
    return try #require(data)
  }

  private func bytes(_ shape: Int...) -> NumPyArray {
    NumPyArray(
      shape: shape, elements: .uint8((0..<shape.reduce(1, *)).map { UInt8($0 % 251 + 2) }))
  }

  @Test func channelsAreFoundByTheShape() throws {
    let grey = try load(bytes(3, 4, 5))
    #expect((grey.width, grey.height, grey.channels) == (5, 4, 1))
    let last = try load(bytes(2, 4, 5, 3))
    #expect((last.width, last.height, last.channels) == (5, 4, 3))
    let second = try load(bytes(2, 3, 4, 5))
    #expect((second.width, second.height, second.channels) == (5, 4, 3))
    // Element (y, x, c) of the first array becomes element (c, y, x).
    let first = [last.train, last.test].first { $0.pixels[0] == 2 }
    #expect(first.map { Array($0.pixels[0..<3]) } == [2, 5, 8])
    #expect([second.train, second.test].contains { Array($0.pixels.prefix(3)) == [2, 3, 4] })
  }

  @Test func floatsAreScaled() throws {
    let data = try load(
      NumPyArray(shape: [2, 1, 2], elements: .float32([0, 0.5, 1, 0.2])))
    #expect([data.train.pixels, data.test.pixels].contains([0, 128]))
    #expect([data.train.pixels, data.test.pixels].contains([255, 51]))
  }

  @Test(arguments: [
    (
      NumPyArray(shape: [2, 1, 2], elements: .float32([0, 3, 255, 1])), "0.0 to 255.0",
      "divide it by 255"
    ),
    (NumPyArray(shape: [2, 1, 2], elements: .float32([0, -1, 1, 1])), "-1.0 to 1.0", "scale it"),
    (NumPyArray(shape: [2, 1, 2], elements: .float32([0, 2.5, 1, 1])), "0.0 to 2.5", "scale it"),
    (
      NumPyArray(shape: [2, 1, 2], elements: .float32([0, 1, .nan, 1])), "[1, 0, 0] is nan",
      "replace"
    ),
    (
      NumPyArray(shape: [2, 1, 2], elements: .uint8([0, 1, 0, 1])), "no value is above 1", "by 255"
    ),
    (NumPyArray(shape: [2, 4], elements: .uint8([9, 1, 9, 1, 9, 9, 9, 9])), "(2, 4)", "reshape"),
    (
      NumPyArray(shape: [2, 3, 1, 3], elements: .uint8([UInt8](repeating: 9, count: 18))),
      "(2, 3, 1, 3)", "reshape"
    ),
    (NumPyArray(shape: [2, 1, 1], elements: .int64([1, 2])), "int64", "uint8"),
    (NumPyArray(shape: [1, 1, 1], elements: .uint8([9])), "too few", "add some"),
    (NumPyArray(shape: [0, 1, 1], elements: .uint8([])), "(0, 1, 1)", "save some images"),
  ])
  func whatIsWrongIsFoundBeforeTraining(array: NumPyArray, reason: String, remedy: String) {
    let text = #expect(throws: DatasetError.self) { _ = try load(array) }.map { "\($0)" } ?? ""
    #expect(text.contains(reason) && text.contains(remedy) && !text.contains("\n"), "\(text)")
  }
}
