import Datasets
import VAE

extension ImageDataset {
  /// The data that a run trains and tests on: binarized where it is so once, and the training images grey
  /// where they are drawn anew each epoch, which is then done where they are gathered.
  func binarized(for training: TrainingConfiguration) -> ImageDataset {
    guard let binarization = training.binarization else { return self }
    let once = binarized(seed: training.seed)
    return binarization == .static ? once : with(train: train, test: once.test)
  }

  /// All images drawn once.
  func binarized(seed: UInt64) -> ImageDataset {
    with(
      train: train.binarized(.train, imageSize: imageSize, seed: seed),
      test: test.binarized(.test, imageSize: imageSize, seed: seed))
  }

  private func with(train: Split, test: Split) -> ImageDataset {
    ImageDataset(
      name: name, width: width, height: height, channels: channels, classes: classes,
      train: train, test: test)
  }
}

extension ImageDataset.Split {
  /// The images, drawn once. What is black and white already stays as it is.
  func binarized(_ split: Binarization.Split, imageSize: Int, seed: UInt64) -> Self {
    Self(
      count: count,
      pixels: Binarization.draw(
        pixels, columns: imageSize, noise: Binarization.fixedNoise(split, seed: seed)),
      labels: labels)
  }
}
