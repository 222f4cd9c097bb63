import Arguments
import Terminal
import VAE

/// What decides how gradients move parameters.
struct OptimizerOptions: ParsableArguments {
  @Option(
    range: .above(0),
    help: ArgumentHelp("The optimizer's step size. (default: 0.001)", valueName: "x"))
  var learningRate: Double?

  @Option(help: "How gradients move parameters. (default: adam)")
  var optimizer: OptimizerName?

  @Option(
    range: .between(0, and: 0.999_999),
    help: ArgumentHelp("The momentum of sgd. (default: 0.9)", valueName: "x"))
  var momentum: Float?

  @Option(
    range: .atLeast(0),
    help: ArgumentHelp("The weight decay of adamw. (default: 0.01)", valueName: "x"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      """
      How the learning rate falls: constant, step:EPOCHS:FACTOR (times FACTOR every so many epochs), \
      cosine or cosine:FLOOR (half a cosine to the run's end). (default: constant)
      """, valueName: "schedule"))
  var schedule: ScheduleArgument?

  @Option(
    help: ArgumentHelp(
      "Steps, or epochs as in 2epochs, over which the learning rate rises from 0. (default: none)",
      valueName: "n"))
  var warmup: Warmup?

  @Option(
    range: .between(1e-12, and: 1e12),
    help: ArgumentHelp(
      "Scale all gradients together down to this norm where theirs is larger. (default: no limit)",
      valueName: "x"))
  var clipNorm: Double?

  /// An optimizer by name; its numbers come with the preset or an option.
  enum OptimizerName: String, CaseIterable, ExpressibleByArgument {
    case adam
    case adamw
    case sgd
  }

  func validate() throws {
    if momentum != nil && optimizer != .sgd {
      throw ValidationError("--momentum goes with --optimizer sgd")
    }
    if weightDecay != nil && optimizer != .adamw {
      throw ValidationError("--weight-decay goes with --optimizer adamw")
    }
  }

  /// `training` with what was given in place of its own.
  func overriding(_ training: TrainingConfiguration) -> TrainingConfiguration {
    var training = training
    training.learningRate = learningRate ?? training.learningRate
    training.schedule = schedule.map(\.schedule) ?? training.schedule
    training.warmup = warmup ?? training.warmup
    training.clipNorm = clipNorm ?? training.clipNorm
    switch optimizer {
    case .sgd: training.optimizer = .sgd(momentum: momentum ?? 0.9)
    case .adamw:
      if case .adam(let beta1, let beta2, let epsilon) = training.optimizer {
        training.optimizer = .adamW(
          beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay ?? 0.01)
      }
    case .adam, nil: break
    }
    return training
  }
}

/// A schedule as it is written on the command line.
struct ScheduleArgument: ExpressibleByArgument {
  /// `nil`: the learning rate stays.
  let schedule: LearningRateSchedule?

  init(argument: String) throws {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count) {
    case ("constant", 1): schedule = nil
    case ("cosine", 1): schedule = .cosine()
    case ("cosine", 2): schedule = .cosine(floor: try Double(argument: parts[1]))
    case ("step", 3):
      schedule = .step(
        epochs: try Int(argument: parts[1]), factor: try Double(argument: parts[2]))
    default:
      throw InvalidValue(
        "'\(argument)' is none of constant, step:EPOCHS:FACTOR, cosine and cosine:FLOOR")
    }
  }
}

extension Warmup: ExpressibleByArgument {
  public init(argument: String) throws {
    let units = ["epochs", "epoch"].first { argument.hasSuffix($0) }
    let count = try Int(argument: String(argument.dropLast(units?.count ?? 0)))
    self = units == nil ? .steps(count: count) : .epochs(count: count)
  }
}

extension TrainingConfiguration {
  /// The optimizer and what happens to its learning rate and gradients, in a line.
  var optimizerLine: String {
    var parts = ["\(optimizer.name) at \(learningRate)"]
    if case .adamW(_, _, _, let decay) = optimizer { parts.append("weight decay \(decay.short)") }
    switch schedule {
    case nil: break
    case .step(let length, let factor):
      parts.append("times \(factor.short) every \(length == 1 ? "epoch" : "\(length) epochs")")
    case .cosine(let floor): parts.append("cosine to \(floor.short)")
    }
    switch warmup {
    case nil: break
    case .steps(let count): parts.append("warm-up of \(Format.count(count, "step"))")
    case .epochs(let count): parts.append("warm-up of \(Format.count(count, "epoch"))")
    }
    if let clipNorm { parts.append("gradients clipped to norm \(clipNorm.short)") }
    return parts.joined(separator: ", ")
  }
}

extension Optimizer {
  /// Its name on the command line.
  fileprivate var name: String {
    switch self {
    case .adam: "adam"
    case .adamW: "adamw"
    case .sgd: "sgd"
    }
  }
}
