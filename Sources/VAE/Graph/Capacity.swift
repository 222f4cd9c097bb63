import Backend

extension GraphPlan {
  /// Elements that passes over many examples at once may take: 512 MiB. Larger batches are hardly faster, and
  /// a device gives a buffer no more than a quarter of its memory, if it gives no more than OpenCL demands.
  static let passBudget = 1 << 27

  /// Examples that suit a pass over many of them: 512, or as many as the budget has room for, a multiple of
  /// four.
  ///
  /// - Parameter optimizer: given where the model is trained, and its gradients have to have room too.
  public static func capacity(
    for configuration: ModelConfiguration, optimizer: Optimizer? = nil
  ) -> Int {
    rows(most: 512) {
      GraphPlan(configuration, capacity: $0, optimizer: optimizer)
    }
  }

  /// Codes that suit estimates with many draws: 2,048, or as many as the budget has room for, a multiple of
  /// four.
  public static func codes(
    for configuration: ModelConfiguration, hasCodeGradient: Bool = false
  ) -> Int {
    rows(most: 2048) {
      GraphPlan(
        configuration, capacity: 4,
        workspace: Workspace(codes: $0, hasCodeGradient: hasCodeGradient))
    }
  }

  /// As many rows as the budget has room for, given how a plan grows with them.
  private static func rows(most: Int, _ plan: (Int) -> GraphPlan) -> Int {
    // Beyond 16 rows, which a convolution's gradient sums apart at most, every row takes the same.
    let (few, many) = (32, 64)
    let row = (plan(many).elements - plan(few).elements) / (many - few)
    return max(4, min(most, passBudget / max(row, 1)) / 4 * 4)
  }
}
