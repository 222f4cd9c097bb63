/// How well scores tell anomalies from the rest: both figures are exact, and equal scores are taken as one
/// threshold.
public struct Detection: Codable, Hashable, Sendable {
  /// The area under the receiver operating characteristic: the probability that an anomaly's score is
  /// above a normal example's, equal ones counting half (Mann and Whitney's U by midranks; Hanley and
  /// McNeil 1982).
  public let auroc: Double
  /// The area under the precision–recall curve as average precision: Σ (Rₙ − Rₙ₋₁)·Pₙ over the
  /// thresholds, from the highest down (Davis and Goadrich 2006 on why not by trapezoids).
  public let auprc: Double
  /// Examples of either kind.
  public let anomalies, normals: Int

  /// The figures for `scores`, higher for what is more anomalous; `nil` without an example of each kind, and
  /// where a score is not finite, which is to be above or below no other.
  public init?(scores: [Double], isAnomalous: [Bool]) {
    precondition(scores.count == isAnomalous.count, "each score is an anomaly's or not")
    let anomalies = isAnomalous.count { $0 }
    let normals = scores.count - anomalies
    guard anomalies > 0, normals > 0, scores.allSatisfy(\.isFinite) else { return nil }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var (above, below) = (0, 0)
    var (area, precision) = (0.0, 0.0)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count && scores[order[end]] == scores[order[start]] { end += 1 }
      let found = order[start..<end].count { isAnomalous[$0] }
      let others = end - start - found
      area += Double(others) * (Double(above) + Double(found) / 2)
      above += found
      below += others
      precision += Double(found) * Double(above) / Double(above + below)
      start = end
    }
    auroc = area / (Double(anomalies) * Double(normals))
    auprc = precision / Double(anomalies)
    self.anomalies = anomalies
    self.normals = normals
  }
}
