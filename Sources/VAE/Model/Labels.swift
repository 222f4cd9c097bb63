import Backend

extension ModelConfiguration {
  /// Checks that a conditional model's images have labels.
  ///
  /// - Throws: `ConditionError.labelsMissing`.
  func checkLabels(of images: PixelTable) throws(ConditionError) {
    if classes != nil && images.labels == nil { throw .labelsMissing }
  }

  /// Checks that a conditional model is given labels it knows, and any other model none.
  ///
  /// - Throws: `ConditionError`.
  public func check(labels: [Int]?) throws(ConditionError) {
    guard let classes else {
      if labels != nil { throw .notConditional }
      return
    }
    guard let labels else { throw .labelsMissing }
    if let stranger = labels.first(where: { !(0..<classes).contains($0) }) {
      throw .unknownLabel(stranger, classes: classes)
    }
  }
}

extension Pass {
  /// Puts labels, one an example, in place of the batch's; for a model without labels does nothing.
  func set(labels: some Collection<Int>, on backend: any Backend) {
    guard let output = self.labels else { return }
    var oneHot = [Float](repeating: 0, count: output.count)
    for (row, label) in labels.enumerated() { oneHot[row * output.columns + label] = 1 }
    backend.upload(oneHot, to: output)
  }
}
