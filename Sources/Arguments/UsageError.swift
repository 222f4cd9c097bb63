/// A command line that cannot be understood. Ends the process with 2.
package enum UsageError: Error, Equatable {
  case unknownOption(String, suggestion: String?)
  case unknownSubcommand(String, suggestion: String?)
  case missingValue(String)
  case needlessValue(String, value: String)
  case invalidValue(String, reason: String)
  case outOfRange(String, range: String, value: String)
  case unexpectedArguments([String])
  case missing([String])
  case invalid(String)
}

extension UsageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownOption(let option, let suggestion):
      "unknown option '\(option)'" + didYouMean(suggestion)
    case .unknownSubcommand(let name, let suggestion):
      "unknown subcommand '\(name)'" + didYouMean(suggestion)
    case .missingValue(let synopsis): "missing value for '\(synopsis)'"
    case .needlessValue(let option, let value): "\(option) takes no value, but has '\(value)'"
    case .invalidValue(let option, let reason): "\(option): \(reason)"
    case .outOfRange(let option, let range, let value): "\(option) must be \(range), not \(value)"
    case .unexpectedArguments(let arguments):
      "unexpected argument\(arguments.count == 1 ? "" : "s") " + quoted(arguments)
    case .missing(let synopses): "missing \(quoted(synopses))"
    case .invalid(let message): message
    }
  }

  private func quoted(_ words: [String]) -> String {
    words.map { "'\($0)'" }.joined(separator: ", ")
  }
}

/// Values that are right one by one and wrong together. Ends the process with 2.
public struct ValidationError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let description: String

  /// An error whose text is `description`.
  public init(_ description: String) { self.description = description }
}
