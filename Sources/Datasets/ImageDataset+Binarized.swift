import Backend

extension ImageDataset {
  /// The data set with all images drawn black and white once, by `Binarization.static`'s draws.
  public func binarized(seed: UInt64) -> ImageDataset {
    with(
      train: train.binarized(.train, imageSize: imageSize, seed: seed),
      test: test.binarized(.test, imageSize: imageSize, seed: seed))
  }

  /// The data set with the test images drawn black and white once, and the training images as they are:
  /// `Trainer` draws those where it gathers them, once or anew each epoch.
  public func binarizingTest(seed: UInt64) -> ImageDataset {
    with(train: train, test: test.binarized(.test, imageSize: imageSize, seed: seed))
  }

  private func with(train: Split, test: Split) -> ImageDataset {
    ImageDataset(
      name: name, width: width, height: height, channels: channels, classes: classes,
      train: train, test: test)
  }
}

extension ImageDataset.Split {
  /// The images, drawn black and white once. What is so already stays as it is.
  ///
  /// - Parameters:
  ///   - split: which of a data set's splits they are: the two share no draws.
  ///   - imageSize: values of an image.
  public func binarized(_ split: Binarization.Split, imageSize: Int, seed: UInt64) -> Self {
    Self(
      count: count,
      pixels: Binarization.draw(
        pixels, columns: imageSize, noise: Binarization.fixedNoise(split, seed: seed)),
      labels: labels)
  }
}
