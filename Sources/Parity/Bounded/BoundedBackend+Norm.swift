import Backend

extension BoundedBackend {
  func run(_ operation: SumSquares) {
    let input = self[operation.input]
    fill(operation.sums) { block in
      var sum = BoundedSum()
      for index in SumSquares.elements(ofBlock: block, of: input.count) {
        sum.add(input[index] * input[index])
      }
      return sum.total
    }
  }

  func run(_ operation: ClipByNorm, squaredNorm: Tensor) {
    let factor = self[squaredNorm][0].squareRoot.clippingFactor(limit: Double(operation.limit))
    // What is within the limit stays as it is.
    if factor.value == 1 && factor.error == 0 { return }
    set(operation.tensor, to: self[operation.tensor].map { factor * $0 })
  }
}

extension Bounded {
  /// limit/‖x‖ where the norm is above the limit, else 1, which falls as the norm grows: no further off than at
  /// the ends of its interval.
  fileprivate func clippingFactor(limit: Double) -> Bounded {
    func factor(_ norm: Double) -> Double { norm > limit ? limit / norm : 1 }
    let nominal = factor(value)
    let inherited = max(factor(value - error) - nominal, nominal - factor(value + error))
    return nominal == 1 && !(inherited > 0)
      ? Bounded(exactly: 1) : Bounded(rounded: nominal, inherited: inherited, ulps: 2.5)
  }
}
