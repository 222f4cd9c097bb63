import Backend

/// Everything that decides a model's shape and meaning: with the weights, the whole model.
public struct ModelConfiguration: Codable, Hashable, Sendable {
  /// Width of an image in pixels.
  public var imageWidth: Int
  /// Height of an image in pixels.
  public var imageHeight: Int
  /// Values of a pixel: 1 for grey, 3 for red, green and blue. An image is one plane a channel.
  public var channels: Int
  /// The encoder's convolutional layers, image side first, which the decoder has too, the other way around;
  /// none for a dense model.
  public var convolutions: [ConvolutionalLayer]
  /// Widths of the encoder's dense hidden layers, input side first; none for a linear encoder.
  public var encoder: [Int]
  /// Dimensions of the code z.
  public var latent: Int
  /// Widths of the decoder's dense hidden layers, code side first; none for a linear decoder.
  public var decoder: [Int]
  /// The hidden layers' nonlinearity.
  public var activation: Activation
  /// What the encoder says of the posterior's spread.
  public var posterior: Posterior
  /// How the decoder describes a pixel.
  public var likelihood: Likelihood
  /// σ² of the `gaussian` likelihood; `nil` for the others.
  public var variance: Double?
  /// Which networks say what of the posterior.
  public var encoderForm: EncoderForm
  /// The number of classes of a conditional model, whose encoder and decoder both see the image's label,
  /// q(z|x, y) and p(x|z, y) (Kingma et al. 2014; Sohn et al. 2015); `nil` for a model without labels.
  public var classes: Int?
  /// The noise through which the encoder sees images while the model is trained and evaluated; `nil` for
  /// none.
  public var corruption: Corruption?

  /// A model for images of `imageWidth × imageHeight` pixels.
  public init(
    imageWidth: Int = 28, imageHeight: Int = 28, channels: Int = 1,
    convolutions: [ConvolutionalLayer] = [], encoder: [Int] = [400], latent: Int = 20,
    decoder: [Int] = [400], activation: Activation = .relu,
    posterior: Posterior = .logVariance, likelihood: Likelihood = .bernoulli,
    variance: Double? = nil, encoderForm: EncoderForm = .joint, classes: Int? = nil,
    corruption: Corruption? = nil
  ) {
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    self.channels = channels
    self.convolutions = convolutions
    self.encoder = encoder
    self.latent = latent
    self.decoder = decoder
    self.activation = activation
    self.posterior = posterior
    self.likelihood = likelihood
    self.variance = variance
    self.encoderForm = encoderForm
    self.classes = classes
    self.corruption = corruption
  }

  /// Values of an image, `channels × imageHeight × imageWidth`: the encoder's inputs and the decoder's
  /// outputs.
  public var pixels: Int { imageWidth * imageHeight * channels }

  /// Number of weights and biases.
  public var parameterCount: Int {
    (encoderLayers + decoderLayers).reduce(scalars.count) { $0 + $1.parameterCount }
  }

  /// The sizes from image to image: `784-400-20-400-784`, `1×28×28-32×14×14-256-20-256-32×14×14-1×28×28`.
  public var summary: String {
    let images = convolutionSummary
    let dense = (encoder + [latent] + decoder).map(String.init)
    return (images + dense + images.reversed()).joined(separator: "-")
  }

  /// The largest width of a layer, and most values of an image, that a model may have.
  public static let maximumWidth = 1 << 20

  /// The most classes of a conditional model: labels are bytes.
  public static let maximumClasses = 256

  /// The largest side of an image.
  public static let maximumSide = 1 << 16

  /// Checks that every size makes sense.
  ///
  /// - Throws: `ConfigurationError.outOfRange` for the first that does not.
  public func validate() throws(ConfigurationError) {
    let sizes =
      [("image width", imageWidth), ("image height", imageHeight), ("latent dimensions", latent)]
      + encoder.map { ("encoder width", $0) } + decoder.map { ("decoder width", $0) }
    for (name, size) in sizes where !(1...Self.maximumWidth).contains(size) {
      throw .outOfRange(name, value: "\(size)", allowed: "1 to \(Self.maximumWidth)")
    }
    for (name, side) in [("image width", imageWidth), ("image height", imageHeight)]
    where side > Self.maximumSide {
      throw .outOfRange(name, value: "\(side)", allowed: "at most \(Self.maximumSide)")
    }
    if channels != 1 && channels != 3 {
      throw .outOfRange("image channels", value: "\(channels)", allowed: "1 or 3")
    }
    if pixels > Self.maximumWidth {
      throw .outOfRange(
        "values of an image", value: "\(pixels)", allowed: "at most \(Self.maximumWidth)")
    }
    try validateConvolutions()
    try validateVariance()
    if let classes, !(2...Self.maximumClasses).contains(classes) {
      throw .outOfRange(
        "classes of the labels", value: "\(classes)", allowed: "2 to \(Self.maximumClasses)")
    }
  }
}

extension ModelConfiguration {
  /// Decodes a model; what files from before a setting do not have is as it was without the setting.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    imageWidth = try values.decode(Int.self, forKey: .imageWidth)
    imageHeight = try values.decode(Int.self, forKey: .imageHeight)
    channels = try values.decodeIfPresent(Int.self, forKey: .channels) ?? 1
    convolutions =
      try values.decodeIfPresent([ConvolutionalLayer].self, forKey: .convolutions) ?? []
    encoder = try values.decode([Int].self, forKey: .encoder)
    latent = try values.decode(Int.self, forKey: .latent)
    self.decoder = try values.decode([Int].self, forKey: .decoder)
    activation = try values.decode(Activation.self, forKey: .activation)
    posterior = try values.decode(Posterior.self, forKey: .posterior)
    likelihood = try values.decode(Likelihood.self, forKey: .likelihood)
    variance = try values.decodeIfPresent(Double.self, forKey: .variance)
    encoderForm = try values.decodeIfPresent(EncoderForm.self, forKey: .encoderForm) ?? .joint
    classes = try values.decodeIfPresent(Int.self, forKey: .classes)
    corruption = try values.decodeIfPresent(Corruption.self, forKey: .corruption)
  }
}

/// A setting that makes no sense.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// A number outside of what is allowed.
  case outOfRange(String, value: String, allowed: String)
  /// A setting that does not go with another; the text says what to do.
  case conflict(String)

  /// One line for a person.
  public var description: String {
    switch self {
    case .outOfRange(let name, let value, let allowed):
      "\(name) is \(value); it must be \(allowed)"
    case .conflict(let text): text
    }
  }
}
