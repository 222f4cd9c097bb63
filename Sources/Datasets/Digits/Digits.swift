import Backend
import Dispatch

/// The built-in data set: handwritten-looking digits, 28 × 28 grey, made from a seed.
///
/// Each image is a random way of writing a random digit, and depends on nothing but the seed, its
/// split and its number: neither on the count of the images nor on the threads that make them.
public enum Digits {
  /// The seed of the data set that `digits` alone names.
  public static let defaultSeed: UInt64 = 1
  /// Pixels in a row, and rows.
  public static let size = 28

  /// Makes the data set. The full one takes a few seconds on two cores.
  ///
  /// - Parameters:
  ///   - seed: Another seed gives other images.
  ///   - trainCount: The training images; fewer are the first ones of the full set.
  ///   - testCount: The test images, likewise.
  public static func dataset(
    seed: UInt64, trainCount: Int = 60_000, testCount: Int = 10_000
  ) -> ImageDataset {
    ImageDataset(
      name: seed == defaultSeed ? "digits" : "digits:\(seed)", width: size, height: size,
      train: split(seed: seed, count: trainCount, firstStep: 0),
      test: split(seed: seed, count: testCount, firstStep: 1 << 32))
  }

  private static func split(seed: UInt64, count: Int, firstStep: UInt64) -> ImageDataset.Split {
    let area = size * size
    var labels = [UInt8](repeating: 0, count: count)
    let pixels = [UInt8](unsafeUninitializedCapacity: count * area) { pixels, initialized in
      labels.withUnsafeMutableBufferPointer { labels in
        nonisolated(unsafe) let (pixels, labels) = (pixels, labels)
        // Enough blocks to keep every core busy until the end.
        let block = 256
        DispatchQueue.concurrentPerform(iterations: (count + block - 1) / block) { index in
          for image in index * block..<min(count, (index + 1) * block) {
            let noise = Noise(seed: seed, stream: .dataset, step: firstStep + UInt64(image))
            labels[image] = draw(
              noise,
              into: UnsafeMutableBufferPointer(rebasing: pixels[image * area..<(image + 1) * area]))
          }
        }
      }
      initialized = count * area
    }
    return ImageDataset.Split(count: count, pixels: pixels, labels: labels)
  }

  /// Draws the image that `noise` describes; the digit it shows.
  private static func draw(_ noise: Noise, into pixels: UnsafeMutableBufferPointer<UInt8>) -> UInt8
  {
    var hand = Handwriting(noise)
    let digit = Int(10 * hand.uniform())
    var canvas = Canvas(size: size)
    for stroke in hand.write(digit, size: Double(size)) { canvas.draw(stroke) }
    canvas.develop(into: pixels)
    return UInt8(digit)
  }
}
