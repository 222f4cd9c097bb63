import Testing
import VAE

@Suite struct DetectionTests {
  /// With scikit-learn's roc_auc_score and average_precision_score of the same numbers.
  private static let examples:
    [(scores: [Double], isAnomalous: [Bool], auroc: Double, auprc: Double)] =
      [
        ([1, 2, 3, 4, 5, 6], [false, false, true, false, true, true], 8.0 / 9, 11.0 / 12),
        ([1, 1, 1, 1], [true, false, true, false], 0.5, 0.5),
        ([3, 2, 1], [true, false, false], 1, 1),
        ([1, 2, 3], [true, false, false], 0, 1.0 / 3),
        ([2, 2, 1, 3], [true, false, false, true], 0.875, 5.0 / 6),
      ]

  @Test func figuresAreExact() throws {
    for example in Self.examples {
      let detection = try #require(
        Detection(scores: example.scores, isAnomalous: example.isAnomalous))
      #expect(abs(detection.auroc - example.auroc) < 1e-15)
      #expect(abs(detection.auprc - example.auprc) < 1e-15)
      #expect(detection.anomalies + detection.normals == example.scores.count)
    }
  }

  /// By counting pairs.
  @Test func aurocIsTheShareOfPairsInOrder() throws {
    let scores = (0..<200).map { Double(($0 * 7919) % 37) }
    let isAnomalous = (0..<200).map { ($0 * 31) % 5 == 0 }
    var pairs = 0.0
    for (i, isFirst) in isAnomalous.enumerated() where isFirst {
      for (j, isSecond) in isAnomalous.enumerated() where !isSecond {
        pairs += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
      }
    }
    let detection = try #require(Detection(scores: scores, isAnomalous: isAnomalous))
    let all = Double(detection.anomalies * detection.normals)
    #expect(abs(detection.auroc - pairs / all) < 1e-12)
  }

  @Test func oneKindAloneHasNoFigures() {
    #expect(Detection(scores: [1, 2], isAnomalous: [true, true]) == nil)
    #expect(Detection(scores: [], isAnomalous: []) == nil)
  }

  @Test(.timeLimit(.minutes(1)), arguments: [Double.nan, .infinity])
  func whatIsNoNumberHasNoFigures(score: Double) {
    #expect(Detection(scores: [1, score, 2], isAnomalous: [true, false, false]) == nil)
  }
}
