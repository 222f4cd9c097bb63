/// How long some work takes: the middle of many measurements, and their spread.
public struct Timing: Codable, Hashable, Sendable {
  /// The fastest sample, in seconds.
  public let fastest: Double
  /// Half of the samples are faster, in seconds.
  public let median: Double
  /// A quarter of the samples are faster, in seconds.
  public let lowerQuartile: Double
  /// A quarter of the samples are slower, in seconds.
  public let upperQuartile: Double
  /// How many samples there are.
  public let samples: Int
  /// How often a sample repeats the work; its time is divided by that.
  public let repetitions: Int

  /// The statistics of `samples`, each of them the seconds of one repetition.
  package init(samples: [Double], repetitions: Int) {
    precondition(!samples.isEmpty, "a timing has samples")
    let sorted = samples.sorted()
    /// Interpolated between the two nearest samples.
    func quantile(_ fraction: Double) -> Double {
      let position = fraction * Double(sorted.count - 1)
      let below = Int(position)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }
    fastest = quantile(0)
    median = quantile(0.5)
    lowerQuartile = quantile(0.25)
    upperQuartile = quantile(0.75)
    self.samples = samples.count
    self.repetitions = repetitions
  }

  /// The fewest samples taken, however slow the work.
  static let fewestSamples = 5

  /// Measures `work` for about `budget` seconds after a quarter of that for warming up, in which kernels
  /// are built, threads wake, and enough repetitions are found for a sample to outlast the clock and the
  /// synchronization at its end.
  ///
  /// - Parameter work: does it as often as it is told, and returns when all is done.
  public static func measure(seconds budget: Double, _ work: (_ repetitions: Int) throws -> Void)
    rethrows -> Timing
  {
    let clock = ContinuousClock()
    func sample(_ repetitions: Int) throws -> Double {
      let time = try clock.measure { try work(repetitions) }
      return time / .seconds(1)
    }
    var (warmUp, repetitions) = (try sample(1), 1)
    while true {
      let time = try sample(repetitions)
      warmUp += time
      if time < budget / 32 {
        repetitions *= 2
      } else if warmUp >= budget / 4 {
        break
      }
    }
    var (samples, total) = ([Double](), 0.0)
    while samples.count < fewestSamples || total < budget {
      let time = try sample(repetitions)
      total += time
      samples.append(time / Double(repetitions))
    }
    return Timing(samples: samples, repetitions: repetitions)
  }
}
