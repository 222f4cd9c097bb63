import Foundation

/// A way from one code to another.
public enum Interpolation: String, CaseIterable, Sendable {
  /// (1 − t)·a + t·b
  case linear
  /// (sin((1 − t)·ω)·a + sin(t·ω)·b)/sin ω, with ω the angle between a and b (Shoemake 1985; for latent codes
  /// White 2016). Between codes of equal length it keeps that length, where draws from N(0, I) of many
  /// dimensions are; the straight line passes nearer to the origin. Where a and b point the same way or
  /// opposite ways, or are zero, and no arc leads from one to the other, it is the straight line.
  case spherical

  /// The code at `t` from 0, `a`, to 1, `b`: L numbers, as either of them.
  public func code(from a: [Float], to b: [Float], at t: Double) -> [Float] {
    precondition(a.count == b.count, "codes of one model have the same dimensions")
    let (first, second) = weights(a, b, t)
    return zip(a, b).map { Float(first * Double($0) + second * Double($1)) }
  }

  /// `steps` codes at equal distances of t, `a` first and `b` last: steps×L, for codes of L numbers.
  public func codes(from a: [Float], to b: [Float], steps: Int) -> [Float] {
    precondition(steps > 1, "a way has two ends")
    return (0..<steps).flatMap { code(from: a, to: b, at: Double($0) / Double(steps - 1)) }
  }

  private func weights(_ a: [Float], _ b: [Float], _ t: Double) -> (Double, Double) {
    let straight = (1 - t, t)
    guard self == .spherical else { return straight }
    func dot(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let cosine = dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    guard cosine.isFinite else { return straight }
    let angle = acos(min(max(cosine, -1), 1))
    let sine = sin(angle)
    guard sine > 1e-6 else { return straight }
    return (sin((1 - t) * angle) / sine, sin(t * angle) / sine)
  }
}
