import Foundation
import Statistics

/// Codes as whole numbers of b bits a dimension.
public struct Quantizer: Codable, Equatable, Sendable {
  /// Where the cells are.
  public enum Rule: String, CaseIterable, Codable, Sendable {
    /// Cells of one width in all dimensions, 2ᵇ of them over the widest one's range; a code becomes its
    /// cell's middle. A dimension that says little has few cells, and costs little after entropy coding.
    case range
    /// 2ᵇ cells that N(0, 1) falls into equally often, between its quantiles i/2ᵇ; a code becomes the mean
    /// of N(0, 1) within its cell.
    case quantiles
  }

  /// Where the cells are.
  public let rule: Rule
  /// b
  public let bits: Int
  /// The cells' width; 0 for quantiles.
  public let step: Float
  /// Where each dimension's first cell begins; 0 for quantiles.
  public let lower: [Float]

  /// The most bits a dimension.
  public static let maximumBits = 16

  /// The cells for `codes`, one row an image.
  ///
  /// - Throws: `StatisticsError.notFinite`.
  public init(_ codes: Matrix, rule: Rule, bits: Int) throws(StatisticsError) {
    precondition(1...Self.maximumBits ~= bits, "1 to 16 bits a dimension")
    guard codes.values.allSatisfy(\.isFinite) else { throw .notFinite(what: "a code") }
    self.rule = rule
    self.bits = bits
    let columns = (0..<codes.columns).map { codes.column($0) }
    switch rule {
    case .range:
      lower = columns.map { Float($0.min() ?? 0) }
      let range = columns.map { ($0.max() ?? 0) - ($0.min() ?? 0) }.max() ?? 0
      // Equal codes need a cell of some width.
      step = range > 0 ? Float(range / Double(1 << bits)) : 1
    case .quantiles:
      lower = Array(repeating: 0, count: codes.columns)
      step = 0
    }
  }

  /// Whether the numbers make sense for codes of `latent` dimensions.
  func isValid(latent: Int) -> Bool {
    1...Self.maximumBits ~= bits && lower.count == latent && lower.allSatisfy(\.isFinite)
      && (rule == .quantiles ? step == 0 : step > 0 && step.isFinite)
  }

  /// Number of cells a dimension.
  private var cells: Double { Double(1 << bits) }

  /// The cell of each element of `codes`, which are those that the cells were made for.
  public func indices(_ codes: Matrix) -> [UInt16] {
    codes.values.enumerated().map { index, value in
      let position =
        switch rule {
        case .range: (value - Double(lower[index % lower.count])) / Double(step)
        case .quantiles: StandardNormal.cumulative(value) * cells
        }
      return UInt16(min(max(position, 0), cells - 1))
    }
  }

  /// What the cells stand for, one row an image.
  public func values(_ indices: some RandomAccessCollection<UInt16>) -> Matrix {
    let table = rule == .quantiles ? (0..<1 << bits).map(cellMean) : []
    return Matrix(
      rows: indices.count / lower.count, columns: lower.count,
      values: indices.enumerated().map { index, cell in
        switch rule {
        case .range: Double(lower[index % lower.count]) + (Double(cell) + 0.5) * Double(step)
        case .quantiles: table[Int(cell)]
        }
      })
  }

  /// E[z | a ≤ z < b] = (φ(a) − φ(b))/P(a ≤ z < b) of a standard normal z.
  private func cellMean(_ cell: Int) -> Double {
    let bounds = (
      StandardNormal.quantile(Double(cell) / cells),
      StandardNormal.quantile(Double(cell + 1) / cells)
    )
    return (StandardNormal.density(bounds.0) - StandardNormal.density(bounds.1)) * cells
  }
}
