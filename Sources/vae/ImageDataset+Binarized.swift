import Datasets
import VAE

extension ImageDataset {
  /// The data that a run trains and tests on: binarized where it is so once, and the training images grey
  /// where they are drawn anew each epoch, which is then done where they are gathered.
  func binarized(for training: TrainingConfiguration) -> ImageDataset {
    guard let binarization = training.binarization else { return self }
    return ImageDataset(
      name: name, width: width, height: height, channels: channels,
      train: binarization == .dynamic
        ? train : train.binarized(.train, imageSize: imageSize, seed: training.seed),
      test: test.binarized(.test, imageSize: imageSize, seed: training.seed))
  }
}

extension ImageDataset.Split {
  /// The images, drawn once.
  func binarized(_ split: Binarization.Split, imageSize: Int, seed: UInt64) -> Self {
    Self(
      count: count,
      pixels: Binarization.draw(
        pixels, columns: imageSize, noise: Binarization.fixedNoise(split, seed: seed)),
      labels: labels)
  }
}
