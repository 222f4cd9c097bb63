/// A number that says that a model is broken.
struct NotFinite: Error, CustomStringConvertible {
  /// "the loss of runs/digits"
  let what: String
  let value: Double

  /// Makes sure that `value` is a number.
  ///
  /// - Throws: `NotFinite`.
  static func check(_ value: Double, _ what: @autoclosure () -> String) throws(NotFinite) {
    if !value.isFinite { throw NotFinite(what: what(), value: value) }
  }

  var description: String {
    "\(what) is \(value.isNaN ? "nan" : "\(value)"): the model is broken, train it again"
  }
}
