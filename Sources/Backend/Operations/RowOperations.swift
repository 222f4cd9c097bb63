// Operations on whole rows: an example's row becomes one for each draw of its code, and back.

/// Y's row i = X's row ⌊i/K⌋: each row K times, one behind the other.
public struct RepeatRows: Operation {
  /// `repeat rows`
  public static let name = "repeat rows"
  /// X, R×C.
  public let input: Tensor
  /// Y, R·K×C.
  public let output: Tensor

  /// Checks that the shapes fit.
  public init(input: Tensor, output: Tensor) {
    precondition(
      input.columns == output.columns && input.rows > 0 && output.rows % input.rows == 0,
      "repeat rows: output has a multiple of the input's rows")
    self.input = input
    self.output = output
  }

  /// K.
  public var count: Int { output.rows / input.rows }

  /// The input and the output.
  public var shapes: String { "\(input) → \(output)" }
}

/// Y's row i = scale·Σ of X's rows i·K ..< (i + 1)·K: back through `RepeatRows`, or means over draws.
public struct SumRowGroups: Operation {
  /// `sum row groups`
  public static let name = "sum row groups"
  /// X, R·K×C.
  public let input: Tensor
  /// What the sums are multiplied by.
  public let scale: Float
  /// Y, R×C.
  public let output: Tensor

  /// Checks that the shapes fit.
  public init(input: Tensor, scale: Float = 1, output: Tensor) {
    precondition(
      input.columns == output.columns && output.rows > 0 && input.rows % output.rows == 0,
      "sum row groups: input has a multiple of the output's rows")
    self.input = input
    self.scale = scale
    self.output = output
  }

  /// K.
  public var count: Int { input.rows / output.rows }

  /// The input and the output.
  public var shapes: String { "\(input) → \(output)" }
}

/// Y's row i = aᵢ·(X's row i).
public struct ScaleRows: Operation {
  /// `scale rows`
  public static let name = "scale rows"
  /// X, R×C.
  public let input: Tensor
  /// a, R values.
  public let scales: Tensor
  /// Y, R×C; may be X's own tensor.
  public let output: Tensor

  /// Checks that the shapes fit.
  public init(input: Tensor, scales: Tensor, output: Tensor) {
    precondition(
      input.rows == output.rows && input.columns == output.columns,
      "scale rows: input and output have one shape")
    precondition(scales.count == input.rows, "scale rows: one factor a row")
    self.input = input
    self.scales = scales
    self.output = output
  }

  /// R×C
  public var shapes: String { "\(input)" }
}

extension RepeatRows {
  /// X read, Y written.
  public var cost: OperationCost {
    OperationCost(operations: 0, elements: input.count + output.count)
  }
}

extension SumRowGroups {
  /// An addition an element of X and a multiplication one of Y; X read, Y written.
  public var cost: OperationCost {
    OperationCost(operations: input.count + output.count, elements: input.count + output.count)
  }
}

extension ScaleRows {
  /// A multiplication an element; X and a read, Y written.
  public var cost: OperationCost {
    OperationCost(operations: input.count, elements: 2 * input.count + scales.count)
  }
}
