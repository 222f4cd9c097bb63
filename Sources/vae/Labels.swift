import Backend
import Datasets
import VAE

extension ImageDataset {
  /// How many classes a conditional model of these images has: one more than the largest label.
  ///
  /// - Throws: `LabelError` where images have none, or all the same.
  func countClasses() throws(LabelError) -> Int {
    guard let train = train.labels, let test = test.labels else { throw .none(data: name) }
    let classes = Int((train + test).max() ?? 0) + 1
    guard classes > 1 else { throw .single(data: name) }
    return classes
  }

  /// The labels of one of its splits that `model` takes; `nil` where it takes none.
  ///
  /// - Throws: `LabelError` where it takes some and there are none, or others than it knows.
  func labels(of split: Split, for model: ModelConfiguration) throws(LabelError) -> [UInt8]? {
    guard let classes = model.classes else { return nil }
    guard let labels = split.labels else { throw .none(data: name) }
    if let largest = labels.max(), largest >= classes {
      throw .unknown(data: name, label: Int(largest), classes: classes)
    }
    return labels
  }

  /// Makes one of its splits resident for `model`, with labels where it takes them.
  ///
  /// - Throws: `LabelError` or `BackendError.outOfMemory`.
  func makeTable(of split: Split, for model: ModelConfiguration, on backend: any Backend) throws
    -> PixelTable
  {
    try backend.makePixelTable(
      split.pixels, columns: model.pixels, labels: labels(of: split, for: model),
      classes: model.classes)
  }
}

/// Why a data set's labels do not serve a conditional model.
enum LabelError: Error, CustomStringConvertible {
  case none(data: String)
  case single(data: String)
  case unknown(data: String, label: Int, classes: Int)

  var description: String {
    switch self {
    case .none(let data):
      "\(data) has images without labels, which a conditional model needs; give labelled data with --data"
    case .single(let data):
      "all images of \(data) have the same label, which tells a model nothing; train without --conditional"
    case .unknown(let data, let label, let classes):
      "\(data) has the label \(label) and the model knows 0 to \(classes - 1); give the data it was "
        + "trained on with --data"
    }
  }
}
