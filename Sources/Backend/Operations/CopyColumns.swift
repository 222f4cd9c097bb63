/// Columns of one matrix in place of as many of another, whose other columns stay as they are.
///
/// Two of them put matrices side by side, [X Y], and two take them apart again.
public struct CopyColumns: Operation {
  /// `copy columns`
  public static let name = "copy columns"
  /// X, M×A.
  public let input: Tensor
  /// Which columns of X.
  public let columns: Range<Int>
  /// Y, M×B, apart from X.
  public let output: Tensor
  /// The column of Y that takes the first of them.
  public let position: Int

  /// Checks that the shapes fit.
  ///
  /// - Parameters:
  ///   - columns: by default all of `input`'s.
  ///   - position: where they go in `output`.
  public init(
    _ input: Tensor, columns: Range<Int>? = nil, to output: Tensor, at position: Int = 0
  ) {
    let columns = columns ?? 0..<input.columns
    precondition(input.rows == output.rows, "copy columns: both have the same rows")
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= input.columns && position >= 0
        && position + columns.count <= output.columns, "copy columns: columns that are there")
    precondition(!input.range.overlaps(output.range), "copy columns: two matrices")
    self.input = input
    self.columns = columns
    self.output = output
    self.position = position
  }

  /// n of M×A to M×B
  public var shapes: String { "\(columns.count) of \(input) to \(output)" }
}

extension CopyColumns {
  /// No arithmetic; M·n read and M·n written.
  public var cost: OperationCost {
    OperationCost(operations: 0, elements: 2 * input.rows * columns.count)
  }
}
