/// What a computation on data can fail with.
public enum StatisticsError: Error, Equatable {
  /// The leading minor of order `pivot` of a matrix of order `order` is not positive.
  case notPositiveDefinite(pivot: Int, order: Int)
  /// A number of `what` is infinite or not a number.
  case notFinite(what: String)
  /// Two things that belong together are of different dimensions.
  case dimensions(found: Int, expected: Int)
  /// `count` examples where at least `needed` are.
  case tooFew(count: Int, needed: Int)
  /// All examples are equal.
  case constant
  /// `found` dimensions, whose covariance is larger than one of `most`.
  case tooManyDimensions(found: Int, most: Int)
  /// Eigenvalues were not found.
  case noConvergence(order: Int)
}

extension StatisticsError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .notPositiveDefinite(let pivot, let order):
      "the covariance of \(order) dimensions is not positive definite: pivot \(pivot) is not positive; "
        + "leave out dimensions that are constant or follow from others, or take more data"
    case .notFinite(let what):
      "\(what) holds a number that is infinite or not a number; the model or the data is broken"
    case .dimensions(let found, let expected):
      "\(found) dimensions where \(expected) are needed; take both from one model"
    case .tooFew(let count, let needed):
      "\(count) examples where at least \(needed) are needed; take more data"
    case .tooManyDimensions(let found, let most):
      "\(found) dimensions have a covariance of \(found) × \(found) numbers, and at most \(most) × \(most) are "
        + "computed; take a model with fewer latent dimensions, or smaller images"
    case .constant: "all examples are equal; there is nothing to fit"
    case .noConvergence(let order):
      "the eigenvalues of a matrix of order \(order) were not found; check its entries"
    }
  }
}
