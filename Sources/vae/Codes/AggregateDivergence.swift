import LatentSpace
import Statistics
import Terminal
import VAE

/// How far the aggregate posterior, as the Gaussian of its mean and covariance, is from the prior.
enum AggregateDivergence {
  case finite(nats: Double)
  /// Some direction has no variance, and the Gaussian no density.
  case infinite
  /// Of more dimensions than covariances are computed of.
  case unknown(StatisticsError)

  /// - Throws: `StatisticsError.notFinite` where the codes are not.
  init(_ codes: Codes) throws(StatisticsError) {
    do throws(StatisticsError) {
      self = .finite(nats: try codes.aggregateDivergence())
    } catch {
      switch error {
      case .notPositiveDefinite: self = .infinite
      case .tooManyDimensions: self = .unknown(error)
      default: throw error
      }
    }
  }

  /// In nats, where it is known and finite.
  var nats: Double? {
    if case .finite(let nats) = self { nats } else { nil }
  }

  /// The same in words.
  var line: String {
    switch self {
    case .finite(let nats):
      "\(Format.fixed(nats, digits: 4)) nats from N(0, I), as the Gaussian of its mean and covariance"
    case .infinite: "without variance in some direction: infinitely far from N(0, I)"
    case .unknown(let error): "not compared with N(0, I): \(error)"
    }
  }
}
