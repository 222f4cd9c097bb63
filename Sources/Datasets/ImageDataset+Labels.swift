extension ImageDataset {
  /// The images whose label is one of `labels`, in both splits; all for `nil`. Its name says which.
  ///
  /// - Throws: `DatasetError.withoutLabels`, or `noSuchLabels` where a label is no image's, or a split has
  ///   none of these.
  public func selecting(labels: [Int]?) throws(DatasetError) -> ImageDataset {
    guard let labels else { return self }
    func selected(_ split: Split, _ name: String) throws(DatasetError) -> Split {
      guard let all = split.labels else {
        throw .withoutLabels(name: self.name, need: "--train-on-labels")
      }
      let places = all.indices.filter { labels.contains(Int(all[$0])) }
      guard !places.isEmpty else {
        throw .noSuchLabels(
          name: self.name, labels: labels, present: Set(all.map(Int.init)).sorted())
      }
      return split.selecting(places)
    }
    let known = Set(train.labelCounts.keys).union(test.labelCounts.keys)
    if train.labels != nil, let unknown = labels.first(where: { !known.contains($0) }) {
      throw .noSuchLabels(name: name, labels: [unknown], present: known.sorted())
    }
    return ImageDataset(
      name: "\(name) labelled \(labels.map(String.init).joined(separator: ","))", width: width,
      height: height, channels: channels, classes: classes,
      train: try selected(train, "training"), test: try selected(test, "test"))
  }
}
