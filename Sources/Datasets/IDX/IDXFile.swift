import Files

/// One of the four files of a data set like MNIST.
package enum IDXFile: String, CaseIterable {
  case trainImages = "train-images"
  case trainLabels = "train-labels"
  case testImages = "t10k-images"
  case testLabels = "t10k-labels"

  var content: IDX.Content {
    self == .trainImages || self == .testImages ? .images : .labels
  }

  /// What it is for, in words.
  var purpose: String {
    (self == .trainImages || self == .trainLabels ? "training " : "test ") + content.name
  }

  /// Its usual name, not compressed.
  package var name: String { "\(rawValue)-idx\(content.dimensions)-ubyte" }

  /// The names it goes by, the first one preferred.
  var names: [String] {
    // Some archives unpack with a dot before "idx".
    let dotted = "\(rawValue).idx\(content.dimensions)-ubyte"
    return [name, "\(name).gz", dotted, "\(dotted).gz"]
  }

  /// Where it is in `folder`, if there.
  func path(in folder: String) -> String? {
    names.map { "\(folder)/\($0)" }.first { FileSystem.exists($0) }
  }
}
