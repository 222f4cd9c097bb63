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
  /// Of every random number.
  public var seed: UInt64

  /// Settings, by default those of the `pytorch` preset.
  public init(
    epochs: Int = 10, batchSize: Int = 128, optimizer: Optimizer = .adam(),
    learningRate: Double = 1e-3, schedule: LearningRateSchedule? = nil, warmup: Warmup? = nil,
    clipNorm: Double? = nil, patience: Int? = nil,
    initialization: Initialization = .kaimingUniform, beta: Double = 1, seed: UInt64 = 1
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
  private func validateSchedule(
    _ check: (String, Double, Bool, String) throws(ConfigurationError) -> Void
  ) throws(ConfigurationError) {
    switch schedule {
    case nil: break
    case .step(let length, let factor):
      try check("epochs of a step", Double(length), length >= 1, "at least 1")
      try check("factor of a step", factor, factor > 0 && factor <= 1, "above 0 and at most 1")
    case .cosine(let floor):
      try check(
        "floor of the cosine", floor, floor >= 0 && floor <= learningRate,
        "at least 0 and at most the learning rate")
    }
    switch warmup {
    case nil: break
    case .steps(let count), .epochs(let count):
      try check("warm-up", Double(count), (1...1 << 24).contains(count), "1 to \(1 << 24)")
    }
    if let clipNorm {
      // Its square is held in single precision.
      try check(
        "norm to clip to", clipNorm, (1e-12...1e12).contains(clipNorm), "between 1e-12 and 1e12")
    }
    if let patience { try check("patience", Double(patience), patience >= 1, "at least 1") }
  }

  /// Checks that the warm-up is over before the run is.
  ///
  /// - Throws: `ConfigurationError.outOfRange`.
  func validateWarmup(stepsPerEpoch: Int) throws(ConfigurationError) {
    guard let warmup else { return }
    let (rising, all) = (warmup.steps(stepsPerEpoch: stepsPerEpoch), epochs * stepsPerEpoch)
    if rising >= all {
      throw .outOfRange(
        "warm-up", value: "\(rising) steps", allowed: "shorter than the run's \(all) steps")
    }
  }
}

/// A published setting.
public enum Preset: String, CaseIterable, Codable, Sendable {
  /// The example of PyTorch (pytorch/examples, vae).
  case pytorch
  /// The notebook of Keras: squared error and a head for σ itself.
  case keras

  /// The model, for images of 28×28 pixels.
  public var model: ModelConfiguration {
    switch self {
    case .pytorch: ModelConfiguration()
    case .keras:
      ModelConfiguration(
        encoder: [250], latent: 30, decoder: [320], posterior: .sigma, likelihood: .squaredError)
    }
  }

  /// How it is trained.
  public var training: TrainingConfiguration {
    switch self {
    case .pytorch: TrainingConfiguration()
    case .keras:
      TrainingConfiguration(
        epochs: 50, batchSize: 250, optimizer: .adam(epsilon: 1e-7),
        initialization: .glorotUniform)
    }
  }
}
