import Arguments
import Backend
import Files
import Terminal
import VAE

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model.",
    discussion: """
      Losses are summed over pixels and latent dimensions and averaged over images. The run folder \
      receives config.json, metrics.jsonl, model.safetensors, checkpoint.safetensors and pictures \
      after every epoch, and best.safetensors after one whose test loss is the lowest so far. Ctrl-C finishes the step and saves; --resume goes on from there.
      """)

  @Option(
    help: "Published settings to start from; every other option overrides one. (default: pytorch)")
  var preset: Preset?

  @OptionGroup var data: DataOptions

  @Option(
    range: .each(.between(0, and: 255)),
    help: ArgumentHelp(
      "Train, and test, on the images of these labels alone. (default: all)", valueName: "n,n…"))
  var trainOnLabels: [Int]?

  @OptionGroup var backend: BackendOptions

  @Option(
    range: .atLeast(1),
    help: ArgumentHelp("Passes over the training set. (default: 10; keras 50)", valueName: "n"))
  var epochs: Int?

  @Option(
    range: .atLeast(1),
    help: ArgumentHelp(
      "End after so many epochs without a lower test loss. (default: never)", valueName: "n"))
  var patience: Int?

  @OptionGroup(title: "model") var model: ModelOptions
  @OptionGroup(title: "training") var training: TrainingOptions
  @OptionGroup(title: "optimizer") var optimizer: OptimizerOptions
  @OptionGroup(title: "objective") var objective: ObjectiveOptions

  @Option(
    help: ArgumentHelp(
      "The run folder. (default: runs/<data>-<preset>, with a number where there is one already)",
      valueName: "dir"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Go on with an interrupted run, or one that wants more --epochs.", valueName: "run"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      """
      Write what every operation of the training steps took, for ui.perfetto.dev or \
      chrome://tracing, and print a table at the end.
      """, valueName: "file"))
  var profile: String?

  @Flag(help: "Replace the run in --out, if there is one.")
  var overwrite: Bool = false

  @Flag(help: "Print errors only.")
  var quiet: Bool = false

  func validate() throws {
    let weighing = [
      ("--beta", training.beta != nil), ("--beta-warmup", objective.betaWarmup != nil),
      ("--free-bits", objective.freeBits != nil),
    ]
    if objective.importanceSamples != nil && training.beta.map({ $0 != 1 }) == true {
      throw ValidationError(
        "--beta weighs the KL term, and --importance-samples leaves it no weight but 1; leave out one"
      )
    }
    let drawing = [
      ("--samples", objective.samples != nil),
      ("--importance-samples", objective.importanceSamples != nil),
    ]
    if model.autoencoder, let option = drawing.first(where: \.1)?.0 {
      throw ValidationError("\(option) draws z, and an --autoencoder draws none; leave out one")
    }
    if model.autoencoder, let option = weighing.first(where: \.1)?.0 {
      throw ValidationError(
        "\(option) is about the KL term, and an --autoencoder has none; leave out one")
    }
    if model.conditional && trainOnLabels != nil {
      throw ValidationError(
        "--conditional shows the model every label, and --train-on-labels leaves some that it has never "
          + "seen; leave out one")
    }
    guard resume != nil else { return }
    let fixed = [
      ("--preset", preset != nil), ("--out", out != nil), ("--overwrite", overwrite),
      ("--train-on-labels", trainOnLabels != nil),
    ]
    let given =
      data.form.given + model.given + training.given + optimizer.given + objective.given
    if let option = (fixed + given).first(where: \.1)?.0 {
      throw ValidationError(
        "\(option) cannot be changed by --resume; with it go --data, --backend, --epochs, --patience, "
          + "--kernels, --profile, --require-gpu and --quiet")
    }
  }

  func run() throws {
    Interrupt.install()
    let console = Console(quiet: quiet)
    // A place that cannot be written must cost neither hours of training nor the run to be replaced.
    if let profile, !isInFolderToBeMade(profile) { try FileSystem.checkWritable(profile) }
    let operations = profile.map { _ in Profile() }
    var session =
      try resume.map { try TrainingSession(resuming: $0, self, console, operations) }
      ?? TrainingSession(startingWith: self, console, operations)
    guard let profile, let operations else { return try session.run() }
    try TrainingProfile(
      path: profile, profile: operations, backend: session.backend, console: console
    )
    .record { try session.run() }
  }

  /// Whether `file` is for a run folder that is not there yet.
  private func isInFolderToBeMade(_ file: String) -> Bool {
    guard let out else { return false }
    return FileSystem.split(file).folder == out && !FileSystem.exists(out)
  }
}

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
    range: .between(1, and: 1024),
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
    guard autoencoder else { return }
    for (option, isGiven) in [
      ("--separate-encoders", separateEncoders), ("--posterior", posterior != nil),
    ] where isGiven {
      throw ValidationError(
        "\(option) is about the posterior's spread, and an --autoencoder has none; leave out one")
    }
  }

  /// The options, and whether they were given.
  var given: [(String, Bool)] {
    [
      ("--latent", latent != nil), ("--encoder", encoder != nil), ("--decoder", decoder != nil),
      ("--posterior", posterior != nil), ("--likelihood", likelihood != nil),
      ("--variance", variance != nil), ("--activation", activation != nil),
      ("--corrupt", corrupt != nil),
      ("--separate-encoders", separateEncoders), ("--conditional", conditional),
      ("--autoencoder", autoencoder),
    ] + convolutionOptions
  }

  private var convolutionOptions: [(String, Bool)] {
    [
      ("--convolutions", convolutions != nil), ("--kernel", kernel != nil),
      ("--stride", stride != nil), ("--padding", padding != nil),
    ]
  }

  /// `model` with what was given in place of its own; the classes of a conditional one are the data's.
  ///
  /// - Throws: `ValidationError` where there is no convolution that an option is about.
  func overriding(_ model: ModelConfiguration) throws -> ModelConfiguration {
    var model = model
    model.convolutions =
      convolutions?.map { ConvolutionalLayer(channels: $0) } ?? model.convolutions
    if model.convolutions.isEmpty, let option = convolutionOptions.first(where: \.1)?.0 {
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

/// What decides how it is trained.
struct TrainingOptions: ParsableArguments {
  @Option(
    range: .between(1, and: 1 << 20),
    help: ArgumentHelp("Images a step. (default: 128; keras 250)", valueName: "n"))
  var batchSize: Int?

  @Option(help: "How parameters begin. (default: kaiming-uniform; keras glorot-uniform)")
  var initialization: Initialization?

  @Option(
    range: .atLeast(0), help: ArgumentHelp("Weight of the KL term. (default: 1)", valueName: "x"))
  var beta: Double?

  @Option(help: ArgumentHelp("The seed of every random number. (default: 1)", valueName: "n"))
  var seed: UInt64?

  /// The options, and whether they were given.
  var given: [(String, Bool)] {
    [
      ("--batch-size", batchSize != nil), ("--initialization", initialization != nil),
      ("--beta", beta != nil),
      ("--seed", seed != nil),
    ]
  }

  /// `training` with what was given in place of its own.
  func overriding(_ training: TrainingConfiguration) -> TrainingConfiguration {
    var training = training
    training.batchSize = batchSize ?? training.batchSize
    training.initialization = initialization ?? training.initialization
    training.beta = beta ?? training.beta
    training.seed = seed ?? training.seed
    return training
  }
}
