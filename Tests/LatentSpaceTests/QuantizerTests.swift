import Backend
import Foundation
import LatentSpace
import Statistics
import Testing

@Suite struct QuantizerTests {
  static func normals(_ rows: Int, _ columns: Int) -> Matrix {
    var sequence = NormalSequence(Noise(seed: 7, stream: .dataset))
    return Matrix(rows: rows, columns: columns, values: sequence.next(rows * columns))
  }

  static func error(_ quantizer: Quantizer, _ codes: Matrix) -> Double {
    let values = quantizer.values(quantizer.indices(codes)).values
    return zip(codes.values, values).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
      / Double(codes.values.count)
  }

  @Test(arguments: [1, 3, 8, 12, 16])
  func noCodeIsFurtherFromItsCellThanHalfAStep(bits: Int) throws {
    var codes = Self.normals(500, 3)
    // A dimension that hardly varies.
    codes = Matrix(
      rows: 500, columns: 3,
      values: codes.values.enumerated().map {
        $0.offset % 3 == 1 ? 5 + 0.01 * $0.element : $0.element
      })
    let quantizer = try Quantizer(codes, rule: .range, bits: bits)
    let cells = quantizer.indices(codes)
    let values = quantizer.values(cells).values
    let tolerance = Double(quantizer.step) * 0.5 + 1e-5
    for (code, value) in zip(codes.values, values) { #expect(abs(code - value) <= tolerance) }
    #expect(cells.allSatisfy { Int($0) < 1 << bits })
    let widest = (0..<3).map { dimension in
      Set(stride(from: dimension, to: cells.count, by: 3).map { cells[$0] }).max() ?? 0
    }
    #expect(widest.max() == UInt16((1 << bits) - 1))
    #expect(Int(widest[1]) <= (1 << bits) / 80 + 1)
  }

  @Test func quantilesOfOneBitLeaveTheKnownError() throws {
    // Cells z < 0 and z ≥ 0 with means ∓√(2/π) leave 1 − 2/π.
    let codes = Self.normals(100_000, 1)
    let quantizer = try Quantizer(codes, rule: .quantiles, bits: 1)
    #expect(abs(quantizer.values([0, 1]).values[1] - (2 / Double.pi).squareRoot()) < 1e-15)
    #expect(quantizer.values([0]).values[0] == -quantizer.values([1]).values[0])
    #expect(abs(Self.error(quantizer, codes) - (1 - 2 / Double.pi)) < 0.005)
  }

  @Test func quantilesAreMetEquallyOften() throws {
    let codes = Self.normals(64_000, 1)
    let cells = try Quantizer(codes, rule: .quantiles, bits: 4).indices(codes)
    var counts = [Int](repeating: 0, count: 16)
    for cell in cells { counts[Int(cell)] += 1 }
    // Five standard deviations of a count of 4000.
    #expect(counts.allSatisfy { abs($0 - 4000) < 310 })
  }

  @Test(arguments: Quantizer.Rule.allCases)
  func moreBitsLessError(rule: Quantizer.Rule) throws {
    let codes = Self.normals(2000, 4)
    let errors = try (1...10).map {
      Self.error(try Quantizer(codes, rule: rule, bits: $0), codes)
    }
    for (fewer, more) in zip(errors, errors.dropFirst()) { #expect(more < fewer) }
    #expect(errors[9] < 1e-3)
  }

  @Test func equalCodesKeepTheirPlaceAndBrokenOnesAreRefused() throws {
    let equal = Matrix(rows: 3, columns: 1, values: [2, 2, 2])
    let quantizer = try Quantizer(equal, rule: .range, bits: 4)
    #expect(quantizer.indices(equal) == [0, 0, 0])
    let broken = Matrix(rows: 2, columns: 1, values: [2, .nan])
    #expect(throws: StatisticsError.notFinite(what: "a code")) {
      try Quantizer(broken, rule: .range, bits: 4)
    }
  }
}
