import Arguments
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

  func validate() throws {
    if betaCycles != nil && betaWarmup == nil {
      throw ValidationError("--beta-cycles repeats a warm-up; give its epochs with --beta-warmup")
    }
  }

  /// The options, and whether they were given.
  var given: [(String, Bool)] {
    [
      ("--binarize", binarize != nil), ("--beta-warmup", betaWarmup != nil),
      ("--beta-cycles", betaCycles != nil), ("--free-bits", freeBits != nil),
    ]
  }

  /// `training` with what was given.
  func overriding(_ training: TrainingConfiguration) -> TrainingConfiguration {
    var training = training
    training.binarization = binarize
    training.betaSchedule = betaWarmup.map { BetaSchedule(warmup: $0, cycles: betaCycles ?? 1) }
    training.freeBits = freeBits
    return training
  }
}
