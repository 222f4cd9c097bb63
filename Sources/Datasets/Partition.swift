import Backend

/// Which images of a set that comes in one piece are trained on, and which are tested with.
struct Partition {
  /// Places of the images, in a random order that is the same every time.
  private(set) var train: [Int] = []
  private(set) var test: [Int] = []

  /// A tenth of each class tests, but at least one image of those that have two; without labels a tenth
  /// of all.
  ///
  /// - Throws: `DatasetError.tooFewImages` where nothing would be left to test with.
  init(count: Int, labels: [UInt8]?, path: String) throws(DatasetError) {
    let order = Self.shuffled(count)
    var classes: [UInt8: Int] = [:]
    for label in labels ?? [UInt8](repeating: 0, count: count) { classes[label, default: 0] += 1 }
    var wanted = classes.mapValues { $0 < 2 ? 0 : max(1, $0 / 10) }
    for index in order {
      let label = labels?[index] ?? 0
      if wanted[label, default: 0] > 0 {
        wanted[label, default: 0] -= 1
        test.append(index)
      } else {
        train.append(index)
      }
    }
    if test.isEmpty { throw .tooFewImages(path: path, count: count) }
  }

  /// `0 ..< count` in an order that depends on the count alone.
  static func shuffled(_ count: Int) -> [Int] {
    var random = RandomNumbers(Noise(seed: 0, stream: .dataset, step: .max))
    return random.permutation(count: count).map { Int($0) }
  }
}
