import Files

extension ImageDataset {
  /// The data set that `--data` names: `digits`, `digits:SEED`, an `.npy` or `.npz` file, a folder of IDX
  /// files or a folder of PNG and JPEG images; its images made to fit.
  ///
  /// - Throws: `DatasetError`.
  public static func load(
    _ name: String, fit: ImageFit = ImageFit()
  ) throws(DatasetError) -> ImageDataset {
    if name == "digits" { return Digits.dataset(seed: Digits.defaultSeed).fitted(fit) }
    if name.hasPrefix("digits:") {
      guard let seed = UInt64(name.dropFirst("digits:".count)) else {
        throw .unknownSeed(name)
      }
      return Digits.dataset(seed: seed).fitted(fit)
    }
    guard FileSystem.exists(name) else { throw .missing(path: name) }
    if !FileSystem.isFolder(name) {
      guard name.hasSuffix(".npy") || name.hasSuffix(".npz") else { throw .unknownFile(path: name) }
      return try ImageDataset(numPyFile: name).fitted(fit)
    }
    if IDXFile.allCases.contains(where: { $0.path(in: name) != nil }) {
      return try ImageDataset(idxFolder: name).fitted(fit)
    }
    return try ImageDataset(imageFolder: name, fit: fit)
  }

  /// The data set with every image made to fit.
  func fitted(_ fit: ImageFit) -> ImageDataset {
    if fit.isIdentity { return self }
    func fitted(_ split: Split) -> [Image] {
      (0..<split.count).map { image(split, $0).fitted(fit) }
    }
    let (train, test) = (fitted(train), fitted(test))
    return ImageDataset(
      name: name, classes: classes, train: Split(train, labels: self.train.labels),
      test: Split(test, labels: self.test.labels), like: train[0])
  }

  /// A data set of images that are as `image` in size and kind.
  init(name: String, classes: [String], train: Split, test: Split, like image: Image) {
    self.init(
      name: name, width: image.width, height: image.height, channels: image.channels,
      classes: classes, train: train, test: test)
  }

  /// Image `index` of a split of this data set.
  public func image(_ split: Split, _ index: Int) -> Image {
    Image(
      width: width, height: height, channels: channels,
      planes: split.pixels[index * imageSize..<(index + 1) * imageSize])
  }
}

extension ImageDataset.Split {
  /// A split of images of one size and kind.
  init(_ images: [Image], labels: [UInt8]?) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(images.reduce(0) { $0 + $1.pixels.count })
    for image in images { pixels += image.planes }
    self.init(count: images.count, pixels: pixels, labels: labels)
  }

  /// The images at `indices`, in their order.
  func selecting(_ indices: [Int]) -> ImageDataset.Split {
    let size = pixels.count / count
    var selected: [UInt8] = []
    selected.reserveCapacity(indices.count * size)
    for index in indices { selected += pixels[index * size..<(index + 1) * size] }
    return ImageDataset.Split(
      count: indices.count, pixels: selected,
      labels: labels.map { labels in indices.map { labels[$0] } })
  }
}
