import Arguments
import Datasets
import Terminal
import VAE

extension Evaluate {
  /// Evaluates a second run on the first one's very images and draws, and prints both and their difference.
  ///
  /// - Throws: `UnlikeLosses` or `ValidationError` before anything is computed, `NotFinite` after.
  func compare(with other: String) throws {
    let (saved, beside) = (try SavedRun(source.run), try SavedRun(other))
    let measures = (saved.lossMeasure, beside.lossMeasure)
    guard measures.0.isComparable(with: measures.1) else {
      throw UnlikeLosses(runs: (source.run, other), measures: measures)
    }
    try checkSamples(of: source.run, saved)
    try checkSamples(of: other, beside)
    if data.data == nil, try !saved.isTrained(onDataOf: beside, data) {
      throw ValidationError(
        "\(source.run) and \(other) were trained on different data; name the images with --data")
    }
    if saved.fit(data) != beside.fit(data) {
      throw ValidationError(
        "\(source.run) and \(other) were trained on images made to fit in different ways; name one "
          + "with --size, --crop and --grey")
    }
    let first = try LoadedRun(source.run, backend: backend)
    let second = try LoadedRun(other, backend: backend)
    let dataset = try first.dataset(data)
    try dataset.checkSize(for: second.model.configuration)
    let images = try first.images(of: dataset, split)
    let seed = first.seed
    let evaluations = [
      try evaluate(first, source.run, images.table, beta: 1, seed: seed),
      try evaluate(
        second, other,
        dataset.makeTable(
          of: images.split, for: second.model.configuration, on: second.chosen.backend), beta: 1,
        seed: seed),
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
  /// Whether another run's images are this one's: the same data set, and the same labels of it.
  ///
  /// - Throws: `ValidationError` where one of them does not say what it was trained on.
  fileprivate func isTrained(onDataOf other: SavedRun, _ options: DataOptions) throws -> Bool {
    try data(options) == other.data(options)
      && configuration?.trainedLabels.map(Set.init)
        == other.configuration?.trainedLabels.map(Set.init)
  }

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
      + measures.0.remedy(beside: measures.1)
  }
}
