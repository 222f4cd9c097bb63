/// Why a model and the labels it is given do not go together.
public enum ConditionError: Error, Equatable, CustomStringConvertible {
  /// A conditional model is given images or codes without labels.
  case labelsMissing
  /// A label is no class of the model.
  case unknownLabel(Int, classes: Int)
  /// A model without labels is given some.
  case notConditional

  /// One line for a person.
  public var description: String {
    switch self {
    case .labelsMissing:
      "the model is conditional and needs a label with every image or code; give labelled data, or a label"
    case .unknownLabel(let label, let classes):
      "\(label) is no label of the model; it has \(classes) classes, 0 to \(classes - 1)"
    case .notConditional:
      "the model is not conditional and knows no labels; train one with --conditional"
    }
  }
}
