import Arguments
import Datasets
import Terminal
import VAE

extension Evaluate {
  /// Evaluates a second run on the first one's very images and draws, and prints both and their difference.
  ///
  /// - Throws: `UnlikeLosses` before anything is computed.
  func compare(with other: String) throws {
    let (saved, beside) = (try SavedRun(source.run), try SavedRun(other))
    let measures = (saved.lossMeasure, beside.lossMeasure)
    guard measures.0.isComparable(with: measures.1) else {
      throw UnlikeLosses(runs: (source.run, other), measures: measures)
    }
    if data.data == nil, try saved.data(data) != beside.data(data) {
      throw ValidationError(
        "\(source.run) and \(other) were trained on different data; name the images with --data")
    }
    let first = try LoadedRun(source.run, backend: backend)
    let second = try LoadedRun(other, backend: backend)
    let dataset = try first.dataset(data)
    try dataset.checkSize(for: second.model.configuration)
    let images = try first.images(of: dataset, split)
    let seed = first.configuration?.training.seed ?? 1
    let evaluations = [
      try first.model.evaluate(images.table, samples: samples, seed: seed),
      try second.model.evaluate(
        dataset.makeTable(
          of: images.split, for: second.model.configuration, on: second.chosen.backend),
        samples: samples, seed: seed),
    ]
    var table = Table(["": .left, "loss": .right, "reconstruction": .right, "KL": .right])
    func number(_ value: Double?) -> String { value.map { Format.fixed($0, digits: 4) } ?? "" }
    for (run, evaluation) in zip([source.run, other], evaluations) {
      table.append([
        "\(run)", "\(number(evaluation.loss))", "\(number(evaluation.reconstruction))",
        "\(number(evaluation.kl))",
      ])
    }
    func difference(_ part: (Evaluation) -> Double?) -> String {
      guard let one = part(evaluations[0]), let two = part(evaluations[1]) else { return "" }
      return number(two - one)
    }
    table.append([
      "difference", "\(difference(\.loss))", "\(difference(\.reconstruction))",
      "\(difference(\.kl))",
    ])
    print(table.text(hasColor: Terminal.standardOutput.hasColor))
    print(
      "losses   \(measures.0), with β = 1\n"
        + "images   \(Format.count(images.split.count)) of \(images.name), \(split.rawValue)\n"
        + "backend  \(first.chosen.summary)")
  }
}

extension SavedRun {
  /// What the run's losses are; of a model file alone those of grey pixels.
  fileprivate var lossMeasure: LossMeasure {
    LossMeasure(file.configuration, binarization: configuration?.training.binarization)
  }
}

/// Two runs whose losses have nothing to do with one another.
private struct UnlikeLosses: Error, CustomStringConvertible {
  let runs: (String, String)
  let measures: (LossMeasure, LossMeasure)

  var description: String {
    "the losses of \(runs.0) (\(measures.0)) and of \(runs.1) (\(measures.1)) cannot be compared; "
      + "train both with likelihoods and pixels of one kind"
  }
}
