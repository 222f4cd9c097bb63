/// How the KL term's weight grows to β, step by step.
///
/// Linear warm-up (Bowman et al. 2016; Sønderby et al. 2016): from 0 to β over the first epochs. Cyclical
/// annealing (Fu et al. 2019) repeats that: cycles of twice the warm-up, whose first half rises from 0 to β
/// and whose second stays there (their R = ½). After the last cycle it is β. Nothing depends on when training
/// ends, so that a run may go on for longer.
public struct BetaSchedule: Codable, Hashable, Sendable {
  /// Epochs from 0 to β.
  public var warmup: Int
  /// How many times; 1 for a plain warm-up.
  public var cycles: Int

  /// `cycles` rises from 0 to β over `warmup` epochs each.
  public init(warmup: Int, cycles: Int = 1) {
    self.warmup = warmup
    self.cycles = cycles
  }

  /// The share of β that the KL term's weight is at step `step`, counted from 0.
  public func share(step: Int, stepsPerEpoch: Int) -> Double {
    let rise = warmup * stepsPerEpoch
    let (cycle, position) = step.quotientAndRemainder(dividingBy: 2 * rise)
    return cycle < cycles ? min(1, Double(position) / Double(rise)) : 1
  }

  /// Checks that the last rise comes to its end.
  func validate(epochs: Int, beta: Double) throws(ConfigurationError) {
    for (name, count) in [("beta warm-up", warmup), ("beta cycles", cycles)]
    where !(1...1 << 20).contains(count) {
      throw .outOfRange(name, value: "\(count)", allowed: "1 to \(1 << 20)")
    }
    let end = (2 * cycles - 1) * warmup
    if end >= epochs {
      throw .conflict(
        "beta comes to its full weight only with epoch \(end + 1), and training ends with epoch "
          + "\(epochs); give more epochs, or a shorter warm-up"
          + (cycles > 1 ? " or fewer cycles" : ""))
    }
    if beta == 0 { throw .conflict("a warm-up of β to 0 does nothing; leave it out") }
  }
}

extension TrainingConfiguration {
  /// The KL term's weight at step `step`, counted from 0.
  public func beta(step: Int, stepsPerEpoch: Int) -> Double {
    beta * (betaSchedule?.share(step: step, stepsPerEpoch: stepsPerEpoch) ?? 1)
  }
}
