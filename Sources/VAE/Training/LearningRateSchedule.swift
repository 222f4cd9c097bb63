import Foundation

/// How the learning rate η falls over a run; without one it stays.
public enum LearningRateSchedule: Codable, Hashable, Sendable {
  /// η·factorᵏ after k times `epochs` epochs.
  case step(epochs: Int, factor: Double)
  /// Half a cosine from η down to `floor` at the end of the run, without restarts (Loshchilov and Hutter
  /// 2017, equation 5).
  case cosine(floor: Double = 0)
}

/// How long the learning rate rises from 0 to η, linearly (Goyal et al. 2017, section 2.2).
public enum Warmup: Codable, Hashable, Sendable {
  /// So many steps.
  case steps(count: Int)
  /// The steps of so many epochs.
  case epochs(count: Int)

  /// Its steps, where an epoch has `stepsPerEpoch`.
  public func steps(stepsPerEpoch: Int) -> Int {
    switch self {
    case .steps(let count): count
    case .epochs(let count): count * stepsPerEpoch
    }
  }
}

extension TrainingConfiguration {
  /// The learning rate of the step after `step` others: a function of these numbers and the settings alone, so
  /// that a resumed run goes on as the uninterrupted one.
  ///
  /// While warming up for W steps it is (step + 1)/W of what it would be. The cosine begins where the warm-up
  /// ends, and ends with the last of `epochs` epochs: a run that is resumed with more of them goes on
  /// at the rate that the longer run has there.
  public func learningRate(step: Int, stepsPerEpoch: Int) -> Double {
    let rising = warmup?.steps(stepsPerEpoch: stepsPerEpoch) ?? 0
    let ramp = step < rising ? Double(step + 1) / Double(rising) : 1
    switch schedule {
    case nil: return ramp * learningRate
    case .step(let length, let factor):
      return ramp * learningRate * pow(factor, Double(step / stepsPerEpoch / length))
    case .cosine(let floor):
      let (done, all) = (max(step - rising, 0), max(epochs * stepsPerEpoch - rising, 1))
      let height = (1 + cos(.pi * min(Double(done) / Double(all), 1))) / 2
      return ramp * (floor + (learningRate - floor) * height)
    }
  }

  /// Whether the learning rate changes from step to step.
  public var isScheduled: Bool { schedule != nil || warmup != nil }
}

extension TrainingConfiguration {
  /// Checks the schedule, the clip and the patience by `check`.
  func validateSchedule(
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
