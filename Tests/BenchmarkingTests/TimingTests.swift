import Benchmarking
import Foundation
import Testing

@Suite struct TimingTests {
  @Test(arguments: [
    ([3.0], [3.0, 3, 3, 3]), ([4, 1, 3, 2], [1, 1.75, 2.5, 3.25]),
    ([5, 1, 4, 2, 3], [1, 2, 3, 4]),
  ])
  func quartilesAreInterpolated(samples: [Double], expected: [Double]) {
    let timing = Timing(samples: samples, repetitions: 7)
    #expect(
      [timing.fastest, timing.lowerQuartile, timing.median, timing.upperQuartile] == expected)
    #expect(timing.samples == samples.count && timing.repetitions == 7)
  }

  @Test func fastWorkIsRepeatedUntilTheClockCanTell() {
    var calls: [Int] = []
    let timing = Timing.measure(seconds: 0.1) { repetitions in
      calls.append(repetitions)
      usleep(UInt32(50 * repetitions))
    }
    #expect(calls.first == 1, "the first call warms up")
    // 50 µs and more a repetition; a sample takes a 32nd of the time at least.
    #expect(timing.repetitions > 1)
    #expect(timing.fastest >= 50e-6)
    #expect(timing.samples >= 5)
    #expect(calls.suffix(timing.samples).allSatisfy { $0 == timing.repetitions })
    #expect(timing.fastest <= timing.lowerQuartile && timing.lowerQuartile <= timing.median)
    #expect(timing.median <= timing.upperQuartile)
  }

  @Test func slowWorkIsStillMeasuredSeveralTimes() {
    let timing = Timing.measure(seconds: 0.001) { repetitions in
      usleep(UInt32(5_000 * repetitions))
    }
    #expect(timing.samples == 5 && timing.repetitions == 1)
    #expect(timing.fastest >= 5e-3)
  }
}
