import Backend
import Foundation

/// The start of a fit: centres by greedy k-means++ (Arthur and Vassilvitskii 2007).
///
/// Each centre is an example drawn with probability proportional to its squared distance from the centres
/// before it; of 2 + ⌊ln K⌋ such candidates the one that leaves the least sum of squared distances is
/// taken.
struct ClusterStart {
  /// The index of the nearest centre, for every example.
  let assignments: [Int]

  init(_ data: Matrix, count: Int, seed: UInt64) {
    var random = RandomNumbers(Noise(seed: seed, stream: .mixture, step: 1))
    let candidates = 2 + Int(log(Double(count)))
    var nearest = [Double](repeating: .infinity, count: data.rows)
    var assignments = [Int](repeating: 0, count: data.rows)
    for cluster in 0..<count {
      var best: (sum: Double, distances: [Double])?
      for _ in 0..<(cluster == 0 ? 1 : candidates) {
        let center =
          cluster == 0
          ? Int(random.uniform() * Double(data.rows)) : Self.draw(nearest, random.uniform())
        let distances = Self.squaredDistances(data, to: center)
        let sum = zip(nearest, distances).reduce(0) { $0 + min($1.0, $1.1) }
        if sum < best?.sum ?? .infinity { best = (sum, distances) }
      }
      guard let distances = best?.distances else { continue }
      for row in 0..<data.rows where distances[row] < nearest[row] {
        nearest[row] = distances[row]
        assignments[row] = cluster
      }
    }
    self.assignments = assignments
  }

  /// An index, with a probability proportional to its weight.
  private static func draw(_ weights: [Double], _ position: Double) -> Int {
    let target = position * weights.reduce(0, +)
    var sum = 0.0
    for (index, weight) in weights.enumerated() {
      sum += weight
      if target < sum { return index }
    }
    return weights.count - 1
  }

  private static func squaredDistances(_ data: Matrix, to row: Int) -> [Double] {
    let columns = data.columns
    return data.values.withUnsafeBufferPointer { values in
      (0..<data.rows).map { other in
        var sum = 0.0
        for column in 0..<columns {
          let difference = values[other * columns + column] - values[row * columns + column]
          sum += difference * difference
        }
        return sum
      }
    }
  }
}
