/// Images of one size, some to train on and some to test with.
public struct ImageDataset: Sendable, Equatable {
  /// Images one after the other, in 8 bits.
  public struct Split: Sendable, Equatable {
    /// Number of images.
    public let count: Int
    /// `count` rows of `channels × height × width` bytes, one plane a channel, 0 black, 255 white.
    public let pixels: [UInt8]
    /// The class of each image, if known.
    public let labels: [UInt8]?

    /// A split of `count` images.
    public init(count: Int, pixels: [UInt8], labels: [UInt8]? = nil) {
      precondition(count > 0 && pixels.count % count == 0, "pixels fill the images")
      precondition(labels.map { $0.count == count } ?? true, "each image has a label, or none has")
      self.count = count
      self.pixels = pixels
      self.labels = labels
    }
  }

  /// What to call the data in reports: "digits", or the folder.
  public let name: String
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Values per pixel: 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// What the labels mean, where they have names: label i is `classes[i]`.
  public let classes: [String]
  /// The images to train on.
  public let train: Split
  /// The images to test with.
  public let test: Split

  /// Values per image: `channels × height × width`.
  public var imageSize: Int { height * width * channels }

  /// A data set of the given splits.
  public init(
    name: String, width: Int, height: Int, channels: Int = 1, classes: [String] = [],
    train: Split, test: Split
  ) {
    let size = width * height * channels
    precondition(train.pixels.count == train.count * size, "training images have the size")
    precondition(test.pixels.count == test.count * size, "test images have the size")
    self.name = name
    self.width = width
    self.height = height
    self.channels = channels
    self.classes = classes
    self.train = train
    self.test = test
  }
}
