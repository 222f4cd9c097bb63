import Arguments
import Backend
import VAE

extension Binarization: ExpressibleByArgument {}

/// What becomes of grey pixels, and of the KL term while a model is trained.
struct ObjectiveOptions: ParsableArguments {
  @Option(
    help: """
      Draw each pixel black or white, white with its intensity for a probability: static once, dynamic \
      anew each epoch, test images once either way. (default: pixels stay grey)
      """)
  var binarize: Binarization?

  @Option(
    range: .between(1, and: 1 << 20),
    help: ArgumentHelp(
      "Epochs in which β rises from 0, step by step. (default: none)", valueName: "n"))
  var betaWarmup: Int?

  @Option(
    range: .between(1, and: 1 << 20),
    help: ArgumentHelp(
      "Rise so often, each time followed by as many epochs at β (Fu et al. 2019). (default: 1)",
      valueName: "m"))
  var betaCycles: Int?

  @Option(
    range: .above(0),
    help: ArgumentHelp(
      "Nats of KL that each latent dimension has free, by the batch's average (Kingma et al. 2016).",
      valueName: "x"))
  var freeBits: Double?

  @Option(
    range: .between(1, and: Bound.maximumSamples),
    help: ArgumentHelp(
      "Draws of z an image and step, over which the reconstruction is averaged. (default: 1)",
      valueName: "l"))
  var samples: Int?

  @Option(
    range: .between(1, and: Bound.maximumSamples),
    help: ArgumentHelp(
      """
      Raise the importance-weighted bound of k draws of z an image in place of the ELBO (IWAE: Burda et \
      al. 2016).
      """, valueName: "k"))
  var importanceSamples: Int?

  func validate() throws {
    if samples != nil && importanceSamples != nil {
      throw ValidationError(
        "--samples averages over draws and --importance-samples weights them; give one of them")
    }
    if importanceSamples != nil, let option = firstGiven(of: "--beta-warmup", "--free-bits") {
      throw ValidationError(
        "\(option) changes the KL term's weight, and --importance-samples leaves it no weight but 1; leave "
          + "out one")
    }
    if betaCycles != nil && betaWarmup == nil {
      throw ValidationError("--beta-cycles repeats a warm-up; give its epochs with --beta-warmup")
    }
  }

  private var bound: Bound? {
    if let importanceSamples { return .importanceWeighted(samples: importanceSamples) }
    return samples.flatMap { $0 > 1 ? .evidence(samples: $0) : nil }
  }

  /// `training` with what was given.
  func overriding(_ training: TrainingConfiguration) -> TrainingConfiguration {
    var training = training
    training.binarization = binarize
    training.betaSchedule = betaWarmup.map { BetaSchedule(warmup: $0, cycles: betaCycles ?? 1) }
    training.freeBits = freeBits
    training.bound = bound
    return training
  }
}
