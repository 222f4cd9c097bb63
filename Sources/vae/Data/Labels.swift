import Backend
import Datasets
import VAE

extension ModelConfiguration {
  /// The labels of `split` that go into the model; `nil` where it is not conditional, or there are none.
  func labels(of split: ImageDataset.Split) -> [UInt8]? { classes == nil ? nil : split.labels }
}

extension ImageDataset {
  /// How many classes a conditional model of these images has: one more than the largest label.
  ///
  /// - Throws: `DatasetError.withoutLabels`, or `LabelError` where all are the same.
  func countClasses() throws -> Int {
    let labels = try Set(labels(of: train) + labels(of: test))
    if let label = labels.first, labels.count == 1 {
      throw LabelError.single(data: name, label: Int(label))
    }
    return Int(labels.max() ?? 0) + 1
  }

  private func labels(of split: Split) throws(DatasetError) -> [UInt8] {
    guard let labels = split.labels else {
      throw .withoutLabels(name: name, need: "a conditional model")
    }
    return labels
  }

  /// The labels of one of its splits that `model` takes; `nil` where it takes none.
  ///
  /// - Throws: `DatasetError.withoutLabels`, or `LabelError.unknown` where the model does not know one.
  func labels(of split: Split, for model: ModelConfiguration) throws -> [UInt8]? {
    guard let classes = model.classes else { return nil }
    let labels = try labels(of: split)
    if let largest = labels.max(), largest >= classes {
      throw LabelError.unknown(data: name, label: Int(largest), classes: classes)
    }
    return labels
  }

  /// Makes one of its splits resident for `model`, with labels where it takes them.
  ///
  /// - Throws: as `labels(of:for:)`, or `BackendError.outOfMemory`.
  func makeTable(of split: Split, for model: ModelConfiguration, on backend: any Backend) throws
    -> PixelTable
  {
    try backend.makePixelTable(
      split.pixels, columns: model.pixels, labels: labels(of: split, for: model),
      classes: model.classes)
  }

  /// Makes sure that its labels mean what those of `run` do, where labels were part of its training.
  ///
  /// - Throws: `LabelError.otherNames`.
  func checkClassNames(for run: RunConfiguration) throws(LabelError) {
    guard run.model.classes != nil || run.trainedLabels != nil, let names = run.classNames,
      !classes.isEmpty, classes != names
    else { return }
    throw .otherNames(data: name, found: classes, expected: names)
  }
}

/// Why a data set's labels do not serve a model.
enum LabelError: Error, CustomStringConvertible {
  case single(data: String, label: Int)
  case unknown(data: String, label: Int, classes: Int)
  case otherNames(data: String, found: [String], expected: [String])

  var description: String {
    switch self {
    case .single(let data, let label):
      return
        "all images of \(data) have the label \(label), which tells a model nothing; train without "
        + "--conditional"
    case .unknown(let data, let label, let classes):
      return
        "\(data) has the label \(label) and the model knows 0 to \(classes - 1); give the data it was "
        + "trained on with --data"
    case .otherNames(let data, let found, let expected):
      let place = zip(found, expected).prefix { $0 == $1 }.count
      func name(_ names: [String]) -> String {
        place < names.count ? "'\(names[place])'" : "no class"
      }
      return
        "label \(place) of \(data) is \(name(found)), and was \(name(expected)) when the run was "
        + "trained; give its subfolders the names they had"
    }
  }
}
