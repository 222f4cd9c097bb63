import Files

/// Everything needed to repeat a run: `config.json`.
public struct RunConfiguration: Codable, Hashable, Sendable {
  /// The model.
  public var model: ModelConfiguration
  /// How it is trained.
  public var training: TrainingConfiguration
  /// The data set, as `--data` names it.
  public var data: String
  /// The labels of the images that it is trained and tested on; `nil` for all.
  public var trainedLabels: [Int]?
  /// The names of the data's classes, in the order of their labels; `nil` where they have none.
  public var classNames: [String]?
  /// How its images are made to fit; `nil` where they are as they are.
  public var images: ImageFit?
  /// The backend that trained it.
  public var backend: String
  /// Its device and driver.
  public var device: String
  /// The program's version.
  public var version: String

  /// The configuration of a run.
  public init(
    model: ModelConfiguration, training: TrainingConfiguration, data: String,
    trainedLabels: [Int]? = nil, classNames: [String]? = nil, images: ImageFit? = nil,
    backend: String, device: String, version: String
  ) {
    self.model = model
    self.training = training
    self.data = data
    self.trainedLabels = trainedLabels
    self.classNames = classNames
    self.images = images
    self.backend = backend
    self.device = device
    self.version = version
  }

  /// Makes sure that every number makes sense.
  ///
  /// - Throws: `ConfigurationError`.
  func validate() throws(ConfigurationError) {
    try model.validate()
    try training.validate()
    try training.validate(for: model)
    let sides = ImageFit.Size.sides
    for side in images?.size.map({ [$0.width, $0.height] }) ?? [] where !sides.contains(side) {
      throw .outOfRange(
        "a side of images.size", value: "\(side)",
        allowed: "from \(sides.lowerBound) to \(sides.upperBound)")
    }
  }
}
