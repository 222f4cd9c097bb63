import Foundation

/// ln(1/n·Σ e^{aᵢ}) of numbers that come one after the other, in the stable form: relative to the largest
/// so far.
package struct LogMeanExponential {
  private var largest = -Double.infinity
  /// Σ e^{a − largest}, and Σ e^{2(a − largest)}.
  private var (sum, squares) = (0.0, 0.0)
  /// Σ e^{a − largest}·value.
  private var weighted = 0.0
  package private(set) var count = 0

  package init() {}

  /// - Parameter value: what `weightedMean` averages with the weight e^number.
  package mutating func add(_ number: Double, weighing value: Double = 0) {
    count += 1
    if number > largest {
      let ratio = largest.isFinite ? exp(largest - number) : 0
      sum *= ratio
      squares *= ratio * ratio
      weighted *= ratio
      largest = number
    }
    // Not where all is −∞ so far: −∞ − (−∞) is no number.
    let weight = number == -.infinity ? 0 : exp(number - largest)
    sum += weight
    squares += weight * weight
    if weight > 0 { weighted += weight * value }
  }

  /// The logarithm of the mean; −∞ where every number was.
  package var value: Double { largest + log(sum / Double(count)) }

  /// Σ w·value/Σ w of the weights w = e^a.
  package var weightedMean: Double { weighted / sum }

  /// (Σ w)²/Σ w² of the weights w = e^a: how many equal ones would estimate as well (Kong 1992).
  package var effectiveCount: Double { squares > 0 ? sum * sum / squares : 0 }
}
