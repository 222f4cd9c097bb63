import Arguments
import Backend
import VAE

/// What decides a model.
struct ModelOptions: ParsableArguments {
  @Option(
    range: .between(1, and: 65536),
    help: ArgumentHelp("Latent dimensions. (default: 20; keras 30)", valueName: "n"))
  var latent: Int?

  @Option(
    range: .each(.between(1, and: 1 << 16)),
    help: ArgumentHelp(
      """
      Channels of the encoder's convolutions, which the decoder mirrors. (default: none; conv 32,64)
      """, valueName: "n,n…"))
  var convolutions: [Int]?

  @Option(
    range: .between(1, and: 1024),
    help: ArgumentHelp("Width of the convolutions' kernels. (default: 4)", valueName: "n"))
  var kernel: Int?

  @Option(
    range: .between(1, and: ModelConfiguration.maximumStride),
    help: ArgumentHelp(
      "Pixels between the places of a kernel: 2 halves the image. (default: 2)", valueName: "n"))
  var stride: Int?

  @Option(
    range: .between(0, and: 1023),
    help: ArgumentHelp("Zeros around what a convolution sees. (default: 1)", valueName: "n"))
  var padding: Int?

  @Option(
    range: .each(.between(1, and: 1 << 20)),
    help: ArgumentHelp(
      "Widths of the encoder's dense hidden layers. (default: 400; keras 250; conv 256)",
      valueName: "n,n…"))
  var encoder: [Int]?

  @Option(
    range: .each(.between(1, and: 1 << 20)),
    help: ArgumentHelp(
      "Widths of the decoder's dense hidden layers. (default: 400; keras 320; conv 256)",
      valueName: "n,n…"))
  var decoder: [Int]?

  @Option(
    help: "What the encoder says of the posterior's spread. (default: log-variance; keras sigma)")
  var posterior: Posterior?

  @Option(help: "How the decoder describes a pixel. (default: bernoulli; keras squared-error)")
  var likelihood: Likelihood?

  @Option(
    range: .between(
      ModelConfiguration.variances.lowerBound, and: ModelConfiguration.variances.upperBound),
    help: ArgumentHelp("σ² of the gaussian likelihood. (default: 0.1)", valueName: "x"))
  var variance: Double?

  @Option(help: "The hidden layers' nonlinearity. (default: relu)")
  var activation: Activation?

  @Option(
    help: ArgumentHelp(
      "Show the encoder images through noise: gaussian:σ, mask:p or salt-pepper:p. (default: none)",
      valueName: "noise"))
  var corrupt: Corruption?

  @Flag(
    help:
      "A network for the posterior's mean and another for its spread, each of --encoder's layers.")
  var separateEncoders: Bool = false

  @Flag(
    help: "Show the data's labels to encoder and decoder, so that images can be asked for by label."
  )
  var conditional: Bool = false

  @Flag(help: "A plain autoencoder: z is the encoder's output itself, and the loss has no KL term.")
  var autoencoder: Bool = false

  func validate() throws {
    if variance != nil && likelihood != .gaussian {
      throw ValidationError("--variance goes with --likelihood gaussian")
    }
    if autoencoder, let option = firstGiven(of: "--separate-encoders", "--posterior") {
      throw ValidationError(
        "\(option) is about the posterior's spread, and an --autoencoder has none; leave out one")
    }
  }

  /// `model` with what was given in place of its own; the classes of a conditional one are the data's.
  ///
  /// - Throws: `ValidationError` where there is no convolution that an option is about.
  func overriding(_ model: ModelConfiguration) throws -> ModelConfiguration {
    var model = model
    model.convolutions =
      convolutions?.map { ConvolutionalLayer(channels: $0) } ?? model.convolutions
    if model.convolutions.isEmpty, let option = firstGiven(of: "--kernel", "--stride", "--padding")
    {
      throw ValidationError("\(option) is about convolutions: give --convolutions or --preset conv")
    }
    for index in model.convolutions.indices {
      model.convolutions[index].kernel = kernel ?? model.convolutions[index].kernel
      model.convolutions[index].stride = stride ?? model.convolutions[index].stride
      model.convolutions[index].padding = padding ?? model.convolutions[index].padding
    }
    model.latent = latent ?? model.latent
    model.encoder = encoder ?? model.encoder
    model.decoder = decoder ?? model.decoder
    model.posterior = posterior ?? model.posterior
    model.likelihood = likelihood ?? model.likelihood
    model.variance =
      model.likelihood == .gaussian ? variance ?? ModelConfiguration.usualVariance : nil
    model.activation = activation ?? model.activation
    model.corruption = corrupt ?? model.corruption
    if separateEncoders { model.encoderForm = .separate }
    if autoencoder { model.encoderForm = .deterministic }
    return model
  }
}
