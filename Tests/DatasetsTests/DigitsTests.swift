import Datasets
import Files
import Foundation
import Testing

@Suite struct DigitsTests {
  @Test func dependOnTheSeedAlone() {
    let digits = Digits.dataset(seed: 7, trainCount: 600, testCount: 300)
    #expect(digits == Digits.dataset(seed: 7, trainCount: 600, testCount: 300))
    let others = Digits.dataset(seed: 8, trainCount: 600, testCount: 300)
    #expect(digits.train.pixels != others.train.pixels)
    #expect(digits.train.labels != others.train.labels)
  }

  /// Neither the number of images nor the blocks they are made in change an image.
  @Test func fewerAreTheFirstOnes() {
    let many = Digits.dataset(seed: 7, trainCount: 600, testCount: 2)
    let few = Digits.dataset(seed: 7, trainCount: 10, testCount: 1)
    #expect(few.train.pixels == Array(many.train.pixels.prefix(10 * 784)))
    #expect(few.train.labels.map { $0[...] } == many.train.labels?.prefix(10))
    #expect(few.test.pixels == Array(many.test.pixels.prefix(784)))
  }

  /// The same on every machine: the pictures come from correctly rounded operations only.
  @Test func areTheKnownOnes() {
    let digits = Digits.dataset(seed: 1, trainCount: 100, testCount: 100)
    #expect(
      SHA256.hexadecimal(of: Data(digits.train.pixels + digits.test.pixels))
        == "061065a6328a5aa02e5aefcc2ae44edd76b303f720f748a1acc30299f4575cb3")
    #expect(digits.train.labels?.prefix(12) == [1, 9, 0, 2, 8, 7, 0, 7, 3, 6, 4, 8])
  }

  @Test func trainingAndTestImagesDiffer() {
    let digits = Digits.dataset(seed: 1, trainCount: 500, testCount: 500)
    func images(_ split: ImageDataset.Split) -> Set<ArraySlice<UInt8>> {
      Set((0..<split.count).map { split.pixels[$0 * 784..<($0 + 1) * 784] })
    }
    #expect(images(digits.train).union(images(digits.test)).count == 1000)
  }

  /// As in MNIST: about a tenth of the images shows each digit, an eighth of the picture is ink, the
  /// ink is in the middle, and its edges are grey.
  @Test func haveMNISTsStatistics() {
    let digits = Digits.dataset(seed: 3, trainCount: 5000, testCount: 1)
    let pixels = digits.train.pixels
    for digit in 0...9 {
      let count = digits.train.labels?.count { $0 == digit } ?? 0
      #expect(400...600 ~= count, "of digit \(digit)")
    }
    let mean = Double(pixels.reduce(0) { $0 + Int($1) }) / 255 / Double(pixels.count)
    #expect(0.125...0.137 ~= mean)
    let grey = Double(pixels.count { 1...249 ~= $0 }) / Double(pixels.count)
    #expect(0.09...0.13 ~= grey)

    for image in 0..<5000 {
      var (mass, moment) = (0, SIMD2(0, 0))
      for place in 0..<784 {
        let value = Int(pixels[image * 784 + place])
        mass += value
        moment &+= value &* SIMD2(place % 28, place / 28)
      }
      let centre = SIMD2<Double>(moment) / Double(mass) + 0.5
      #expect(mass > 255 * 15 && mass < 255 * 330, "image \(image)")
      #expect(abs(centre.x - 14) < 2.5 && abs(centre.y - 14) < 2.5, "image \(image)")
    }
  }
}
