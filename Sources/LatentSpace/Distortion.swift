import Files
import Foundation

/// How far images are from their originals, both in 8 bits.
public struct Distortion: Sendable {
  /// Of differences of 8-bit values: exact.
  private var squares = 0
  private var count = 0

  /// No images yet.
  public init() {}

  /// Adds originals and what stands for them, intensities in [0, 1]. They are clipped and rounded to 8
  /// bits, as an image file would hold them.
  public mutating func add(_ originals: ArraySlice<UInt8>, _ intensities: [Float]) {
    precondition(originals.count == intensities.count, "a pixel for each pixel")
    var squares = 0
    for (original, intensity) in zip(originals, intensities) {
      let difference = Int(original) - Int(UInt8(intensity: intensity))
      squares += difference * difference
    }
    self.squares += squares
    count += originals.count
  }

  /// The mean squared error of a pixel, intensities being in [0, 1].
  public var meanSquaredError: Double { Double(squares) / (255 * 255 * Double(count)) }

  /// The peak signal-to-noise ratio −10·log₁₀(MSE) in decibels; infinite where nothing differs.
  public var peakSignalToNoise: Double { -10 * log10(meanSquaredError) }
}
