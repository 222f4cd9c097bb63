import Backends
import Datasets
import Files
import Foundation
import Plots
import Statistics
import Terminal
import VAE

/// Scores of images, and what they say about known anomalies.
struct ScoreReport {
  let by: AnomalyScore
  let scores: [Double]
  /// Which images are anomalies, if that is known.
  let isAnomalous: [Bool]?
  let images: LoadedImages
  let split: SplitName
  let chosen: ChosenBackend

  /// How well the scores tell anomalies; `nil` where one kind is missing.
  private var detection: Detection? {
    isAnomalous.flatMap { Detection(scores: scores, isAnomalous: $0) }
  }

  /// The scores of each kind, with its name.
  private var groups: [(name: String, scores: [Double])] {
    guard let isAnomalous else { return [("images", scores)] }
    func kind(_ wanted: Bool) -> [Double] {
      zip(scores, isAnomalous).filter { $0.1 == wanted }.map(\.0)
    }
    return [("normal", kind(false)), ("anomalies", kind(true))].filter { !$0.1.isEmpty }
  }

  /// For a person.
  var text: String {
    var table = Table([
      by.rawValue: .left, "images": .right, "mean": .right, "5 %": .right, "median": .right,
      "95 %": .right,
    ])
    for (name, scores) in groups {
      let sorted = scores.sorted()
      func quantile(_ share: Double) -> String {
        Format.fixed(sorted[Int((share * Double(sorted.count - 1)).rounded())], digits: 2)
      }
      table.append([
        "\(name)", "\(Format.count(scores.count))",
        "\(Format.fixed(scores.reduce(0, +) / Double(scores.count), digits: 2))",
        "\(quantile(0.05))", "\(quantile(0.5))", "\(quantile(0.95))",
      ])
    }
    let figures = detection.map {
      "\nAUROC             \(Format.fixed($0.auroc, digits: 4))"
        + "\nAUPRC             \(Format.fixed($0.auprc, digits: 4)), by chance "
        + Format.fixed(Double($0.anomalies) / Double(scores.count), digits: 4)
    }
    return table.text(hasColor: Terminal.standardOutput.hasColor) + "\n" + bars
      + (figures ?? "") + "\nimages            \(Format.count(scores.count)) of \(images.name), "
      + "\(split.rawValue)\nbackend           \(chosen.summary)"
  }

  /// How often scores occur, from the 0.5 % to the 99.5 % quantile, each kind by itself.
  private var bars: String {
    let (bins, length) = (16, groups.count > 1 ? 28 : 56)
    let range = scores.withoutOutermostHundredth
    let least = range.lowerBound
    // Equal scores still need a bin of some width.
    let most = max(range.upperBound, least + max(abs(least) * 1e-6, 1e-9))
    let width = (most - least) / Double(bins)
    let shares = groups.map { group in
      let counts = BinCounts(group.scores, bins: bins, from: least, to: most).counts
      return counts.map { Double($0) / Double(max(counts.max() ?? 1, 1)) }
    }
    let edges = (0..<bins).map { Format.fixed(least + Double($0) * width, digits: 2) }
    let margin = edges.map(\.count).max() ?? 0
    return (0..<bins).map { bin in
      let label = String(repeating: " ", count: margin - edges[bin].count) + edges[bin]
      let rows = shares.map { shares in
        let filled = shares[bin] > 0 ? max(1, Int((shares[bin] * Double(length)).rounded())) : 0
        return String(repeating: "█", count: filled)
          + String(repeating: " ", count: length - filled)
      }
      return trimmed("\(label)  \(rows.joined(separator: "  "))") + "\n"
    }.joined()
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// For a program.
  var summary: Summary {
    Summary(
      by: by.rawValue, images: scores.count, mean: scores.reduce(0, +) / Double(scores.count),
      detection: detection, data: images.name, split: split.rawValue,
      backend: chosen.backend.name, device: chosen.backend.device)
  }

  /// The JSON object.
  struct Summary: Encodable {
    let by: String
    let images: Int
    let mean: Double
    let detection: Detection?
    let data: String
    let split: String
    let backend: String
    let device: String
  }

  /// Writes the scores in the order of the images.
  ///
  /// - Throws: `FileError`.
  func write(to path: String) throws {
    guard path.lowercased().hasSuffix(".csv") else {
      return try NumPyArray(shape: [scores.count], elements: .float32(scores.map { Float($0) }))
        .write(to: path)
    }
    let labels = images.split.labels
    let lines = scores.enumerated().map { index, score in
      "\(index),\(score)" + (labels.map { ",\($0[index])" } ?? "") + "\n"
    }
    let heading = "index,\(by.rawValue)" + (labels == nil ? "" : ",label") + "\n"
    try FileSystem.write(Data((heading + lines.joined()).utf8), to: path)
  }

  /// Draws how often scores occur, all but the outermost hundredth.
  ///
  /// - Throws: `FileError`.
  func write(histogram path: String) throws {
    let plot = Histogram(
      quantity: by.rawValue,
      groups: groups.map { Histogram.Group(name: $0.name, values: $0.scores) },
      range: scores.withoutOutermostHundredth)
    try FileSystem.write(Data(plot.file.utf8), to: path)
  }
}
