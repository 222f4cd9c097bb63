import Arguments
import VAE

/// What decides how it is trained.
struct TrainingOptions: ParsableArguments {
  @Option(
    range: .between(1, and: 1 << 20),
    help: ArgumentHelp("Images a step. (default: 128; keras 250)", valueName: "n"))
  var batchSize: Int?

  @Option(help: "How parameters begin. (default: kaiming-uniform; keras, conv glorot-uniform)")
  var initialization: Initialization?

  @Option(
    range: .atLeast(0), help: ArgumentHelp("Weight of the KL term. (default: 1)", valueName: "x"))
  var beta: Double?

  @Option(help: ArgumentHelp("The seed of every random number. (default: 1)", valueName: "n"))
  var seed: UInt64?

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
