import Foundation

/// The largest error of some single-precision results, in units in the last place of the exact ones.
struct WorstError: CustomStringConvertible {
  private(set) var error = 0.0
  private(set) var argument: Float = 0
  private(set) var result: Float = 0

  var description: String {
    "\(String(format: "%.3f", error)) ulp at \(argument), which gives \(result)"
  }

  /// Compares `result`, the function's value at `argument`, with `exact`. Errors up to `negligible`
  /// count for nothing. A NaN or an infinity in the wrong place is an infinite error.
  mutating func add(_ result: Float, exact: Double, at argument: Float, negligible: Double = 0) {
    let error = Self.error(of: result, exact: exact, negligible: negligible)
    if !(error <= self.error) {
      (self.error, self.argument, self.result) = (error, argument, result)
    }
  }

  private static func error(of result: Float, exact: Double, negligible: Double) -> Double {
    if exact.isNaN || result.isNaN { return exact.isNaN && result.isNaN ? 0 : .infinity }
    let rounded = Float(exact)
    if result.isInfinite || rounded.isInfinite { return result == rounded ? 0 : .infinity }
    let difference = abs(Double(result) - exact)
    return difference <= negligible ? 0 : difference / Double(rounded.magnitude.ulp)
  }
}
