import Foundation
import Testing
import VAE

/// Ways between codes, and what is said of their dimensions.
@Suite struct InterpolationTests {
  private static func length(_ code: [Float]) -> Double {
    code.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  private static func angle(_ a: [Float], _ b: [Float]) -> Double {
    let dot = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    return acos(min(max(dot / (length(a) * length(b)), -1), 1))
  }

  @Test(arguments: Interpolation.allCases)
  func waysBeginAndEndAtTheirEnds(way: Interpolation) {
    let (a, b): ([Float], [Float]) = ([1, -2, 0.5], [0.25, 3, 4])
    let codes = way.codes(from: a, to: b, steps: 7)
    #expect(codes.count == 21)
    for (code, end) in zip(codes.prefix(3), a) { #expect(abs(code - end) < 1e-6) }
    for (code, end) in zip(codes.suffix(3), b) { #expect(abs(code - end) < 1e-6) }
  }

  @Test func linesAreStraight() {
    #expect(Interpolation.linear.codes(from: [0, 8], to: [4, 0], steps: 3) == [0, 8, 2, 4, 4, 0])
  }

  /// Between codes of equal length: the same length, and equal angles from step to step.
  @Test func arcsKeepTheLengthAndTurnEvenly() {
    let (a, b): ([Float], [Float]) = ([3, 0, 4], [0, -5, 0])
    let steps = 9
    let codes = Interpolation.spherical.codes(from: a, to: b, steps: steps)
    let rows = (0..<steps).map { Array(codes[3 * $0..<3 * $0 + 3]) }
    for row in rows { #expect(abs(Self.length(row) - 5) < 1e-5) }
    for (row, next) in zip(rows, rows.dropFirst()) {
      #expect(abs(Self.angle(row, next) - Self.angle(a, b) / Double(steps - 1)) < 1e-4)
    }
    #expect(Self.length(Interpolation.linear.code(from: a, to: b, at: 0.5)) < 4)
  }

  @Test(
    arguments: [
      ([1, 2], [2, 4]), ([1, 0], [-1, 0]), ([0, 0], [1, 1]), ([0, 0], [0, 0]),
    ] as [([Float], [Float])])
  func withoutAnArcTheWayIsStraight(a: [Float], b: [Float]) {
    for t in [0, 0.3, 1] {
      #expect(
        Interpolation.spherical.code(from: a, to: b, at: t)
          == Interpolation.linear.code(from: a, to: b, at: t))
    }
  }

  @Test func traversalsMoveOneCoordinate() {
    func traversal(_ scale: CodeScale, _ dimensions: [Int]) -> [Float] {
      Codes.traversal(of: [7, 8, 9], dimensions: dimensions, reach: 3, steps: 3, scale: scale)
    }
    #expect(
      traversal(.prior(latent: 3), [2, 0])
        == [7, 8, -3, 7, 8, 0, 7, 8, 3, -3, 8, 9, 0, 8, 9, 3, 8, 9])
    // A plain autoencoder's coordinates are wherever they are.
    let codes = Codes(latent: 3, means: [1, 10, 0, 1, 14, 0], logVariances: nil)
    #expect(traversal(CodeScale(of: codes), [1]) == [7, 6, 9, 7, 12, 9, 7, 18, 9])
  }

  @Test func aPosteriorsScaleIsThePriors() {
    let codes = Codes(latent: 1, means: [5, 7], logVariances: [0, 0])
    #expect(CodeScale(of: codes) == .prior(latent: 1))
  }

  @Test func dimensionsAreMeasuredOverTheImages() {
    // μ 1 and −1 with σ 1 in the first dimension: KL ½·μ², variance 1. N(0, 1) in the second: neither.
    let codes = Codes(latent: 2, means: [1, 0, -1, 0], logVariances: [0, 0, 0, 0])
    #expect(codes.klPerDimension == [0.5, 0])
    #expect(codes.meanVariances == [1, 0])
  }
}
