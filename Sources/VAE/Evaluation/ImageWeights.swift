/// The weights of an image's draws, as they come.
struct ImageWeights {
  private(set) var all = LogMeanExponential()
  private(set) var curve: [Groups]
  private var sum = 0.0

  /// Disjoint groups of `size` draws, and the sum of their bounds.
  struct Groups {
    let size: Int
    private var current = LogMeanExponential()
    private var (sum, count) = (0.0, 0)

    init(size: Int) { self.size = size }

    mutating func add(_ logWeight: Double) {
      current.add(logWeight)
      guard current.count == size else { return }
      sum += current.value
      count += 1
      current = LogMeanExponential()
    }

    var mean: Double { sum / Double(count) }
  }

  init(draws: Int) {
    var sizes = [1]
    while let last = sizes.last, 10 * last < draws { sizes.append(10 * last) }
    curve = ((draws > 1 ? sizes : []) + [draws]).map { Groups(size: $0) }
  }

  mutating func add(_ logWeight: Double) {
    all.add(logWeight)
    for index in curve.indices { curve[index].add(logWeight) }
    sum += logWeight
  }

  /// The mean log-weight.
  var mean: Double { sum / Double(all.count) }
}
