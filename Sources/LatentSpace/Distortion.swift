import Files
import Foundation

/// How far images are from their originals, both in 8 bits.
public struct Distortion: Sendable {
  private var squares = 0.0
  private var count = 0

  /// No images yet.
  public init() {}

  /// Adds originals and what stands for them, intensities in [0, 1]. They are clipped and rounded to 8
  /// bits, as an image file would hold them.
  public mutating func add(
    _ originals: some Collection<UInt8>, _ intensities: some Collection<Float>
  ) {
    precondition(originals.count == intensities.count, "a pixel for each pixel")
    for (original, intensity) in zip(originals, intensities) {
      let difference = Double(Int(original) - Int(UInt8(intensity: intensity))) / 255
      squares += difference * difference
    }
    count += originals.count
  }

  /// The mean squared error of a pixel, intensities being in [0, 1].
  public var meanSquaredError: Double { squares / Double(count) }

  /// The peak signal-to-noise ratio −10·log₁₀(MSE) in decibels; infinite where nothing differs.
  public var peakSignalToNoise: Double { -10 * log10(meanSquaredError) }
}
