extension ImageDataset.Split {
  /// The first `count` images, or all where there are no more.
  public func first(_ count: Int) -> ImageDataset.Split {
    let first = min(count, self.count)
    return ImageDataset.Split(
      count: first, pixels: Array(pixels.prefix(pixels.count / self.count * first)),
      labels: labels.map { Array($0.prefix(first)) })
  }
}
