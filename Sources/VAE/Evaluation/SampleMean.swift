/// Mean, variance and standard error of a sample of numbers.
struct SampleMean {
  let mean: Double
  /// Unbiased: by one less than their number.
  let variance: Double
  let count: Int

  init(_ values: [Double]) {
    count = values.count
    let mean = values.reduce(0, +) / Double(max(count, 1))
    self.mean = mean
    variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(count - 1, 1))
  }

  var standardError: Double { (variance / Double(max(count, 1))).squareRoot() }
}
