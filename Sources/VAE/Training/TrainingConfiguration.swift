import Backend

/// How a model is trained: with the model's configuration, the data and a backend, everything that
/// decides the result.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
  /// Passes over the training set.
  public var epochs: Int
  /// Examples a step; the last step of an epoch takes what is left.
  public var batchSize: Int
  /// How gradients move parameters.
  public var optimizer: Optimizer
  /// η.
  public var learningRate: Double
  /// How η falls; `nil`: it stays.
  public var schedule: LearningRateSchedule?
  /// How long η rises at first, if it does.
  public var warmup: Warmup?
  /// What the norm of all gradients together may be (Pascanu et al. 2013); `nil`: anything.
  public var clipNorm: Double?
  /// After how many epochs without a lower test loss a run ends; `nil`: never.
  public var patience: Int?
  /// How parameters begin.
  public var initialization: Initialization
  /// The KL term's weight (Higgins et al. 2017); 1 for the ELBO.
  public var beta: Double
  /// How the KL term's weight comes to `beta`; `nil` where it is `beta` throughout.
  public var betaSchedule: BetaSchedule?
  /// λ, the nats of KL divergence that each latent dimension has free (Kingma et al. 2016); `nil` for none.
  public var freeBits: Double?
  /// How grey pixels become black or white; `nil` where they stay grey.
  public var binarization: Binarization?
  /// What is raised by how many draws of z an image; `nil` for the ELBO by one.
  public var bound: Bound?
  /// Of every random number.
  public var seed: UInt64

  /// Settings, by default those of the `pytorch` preset.
  public init(
    epochs: Int = 10, batchSize: Int = 128, optimizer: Optimizer = .adam(),
    learningRate: Double = 1e-3, schedule: LearningRateSchedule? = nil, warmup: Warmup? = nil,
    clipNorm: Double? = nil, patience: Int? = nil,
    initialization: Initialization = .kaimingUniform, beta: Double = 1,
    betaSchedule: BetaSchedule? = nil, freeBits: Double? = nil,
    binarization: Binarization? = nil, bound: Bound? = nil, seed: UInt64 = 1
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.warmup = warmup
    self.clipNorm = clipNorm
    self.patience = patience
    self.initialization = initialization
    self.beta = beta
    self.betaSchedule = betaSchedule
    self.freeBits = freeBits
    self.binarization = binarization
    self.bound = bound
    self.seed = seed
  }

  /// Checks that every number makes sense.
  ///
  /// - Throws: `ConfigurationError.outOfRange` for the first that does not.
  public func validate() throws(ConfigurationError) {
    func check(_ name: String, _ value: Double, _ fits: Bool, _ allowed: String)
      throws(ConfigurationError)
    {
      if !fits || !value.isFinite {
        throw .outOfRange(name, value: "\(value)", allowed: allowed)
      }
    }
    for (name, size) in [("epochs", epochs), ("batch size", batchSize)]
    where !(1...1 << 24).contains(size) {
      throw .outOfRange(name, value: "\(size)", allowed: "1 to \(1 << 24)")
    }
    try check("learning rate", learningRate, learningRate > 0, "above 0")
    try check("beta", beta, beta >= 0, "at least 0")
    try validateSchedule(check)
    try betaSchedule?.validate(epochs: epochs, beta: beta)
    if let freeBits {
      try check("free bits", freeBits, freeBits > 0, "above 0")
      if beta == 0 {
        throw .conflict("free bits are of the KL term, whose weight β is 0; leave one of them out")
      }
    }
    try bound?.validate(with: self)
    switch optimizer {
    case .adam(let beta1, let beta2, let epsilon),
      .adamW(let beta1, let beta2, let epsilon, _):
      try check("Adam's β₁", Double(beta1), beta1 >= 0 && beta1 < 1, "at least 0 and below 1")
      try check("Adam's β₂", Double(beta2), beta2 >= 0 && beta2 < 1, "at least 0 and below 1")
      try check("Adam's ε", Double(epsilon), epsilon > 0, "above 0")
      guard case .adamW(_, _, _, let decay) = optimizer else { break }
      try check(
        "weight decay", decay, decay >= 0 && decay * learningRate < 1,
        "at least 0 and below 1/learning rate")
    case .sgd(let momentum):
      try check("momentum", Double(momentum), momentum >= 0 && momentum < 1, "at least 0, below 1")
    }
  }
}

extension TrainingConfiguration {
  /// Checks that `model` has what the settings are about.
  ///
  /// - Throws: `ConfigurationError.conflict`.
  public func validate(for model: ModelConfiguration) throws(ConfigurationError) {
    try bound?.validate(for: model)
    guard model.encoderForm == .deterministic else { return }
    let weighing = [
      ("a weight β", beta != 1), ("a warm-up of β", betaSchedule != nil),
      ("free bits", freeBits != nil),
    ]
    if let setting = weighing.first(where: \.1)?.0 {
      throw .conflict(
        "\(setting) is about the KL term, and a plain autoencoder has none; leave out one of them")
    }
  }
}

/// A published setting.
public enum Preset: String, CaseIterable, Codable, Sendable {
  /// The example of PyTorch (pytorch/examples, vae).
  case pytorch
  /// The notebook of Keras: squared error and a head for σ itself.
  case keras
  /// Convolutions of 32 and 64 channels, a dense layer of 256, and the same back; trained as `pytorch` from
  /// Glorot's weights, whose losses fall sooner.
  case conv

  /// The model, for images of 28×28 pixels.
  public var model: ModelConfiguration {
    switch self {
    case .pytorch: ModelConfiguration()
    case .keras:
      ModelConfiguration(
        encoder: [250], latent: 30, decoder: [320], posterior: .sigma, likelihood: .squaredError)
    case .conv:
      ModelConfiguration(
        convolutions: [ConvolutionalLayer(channels: 32), ConvolutionalLayer(channels: 64)],
        encoder: [256], decoder: [256])
    }
  }

  /// How it is trained.
  public var training: TrainingConfiguration {
    switch self {
    case .pytorch: TrainingConfiguration()
    case .conv: TrainingConfiguration(initialization: .glorotUniform)
    case .keras:
      TrainingConfiguration(
        epochs: 50, batchSize: 250, optimizer: .adam(epsilon: 1e-7),
        initialization: .glorotUniform)
    }
  }
}
