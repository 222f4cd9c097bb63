/// A type whose values can be written on a command line.
///
/// An enum needs little: `CaseIterable` gives it `init(argument:)` and `allValueStrings`, and a `String` raw
/// value its spelling.
public protocol ExpressibleByArgument {
  /// The value that `argument` spells.
  ///
  /// - Throws: an error whose description completes "--option: …", usually an `InvalidValue`.
  init(argument: String) throws
  /// The value's spelling, shown in help as the default.
  var defaultValueDescription: String { get }
  /// Every spelling, where there are few; empty otherwise.
  static var allValueStrings: [String] { get }
}

/// A value that its type cannot take: "'abc' is not a whole number".
public struct InvalidValue: Error, Equatable, CustomStringConvertible {
  /// What is wrong, the value included.
  public let description: String

  /// An error whose text is `description`.
  public init(_ description: String) { self.description = description }
}

extension ExpressibleByArgument {
  public var defaultValueDescription: String { "\(self)" }
  public static var allValueStrings: [String] { [] }
}

extension ExpressibleByArgument where Self: RawRepresentable, RawValue == String {
  public var defaultValueDescription: String { rawValue }
}

extension ExpressibleByArgument where Self: CaseIterable {
  public init(argument: String) throws {
    guard let value = Self.allCases.first(where: { $0.defaultValueDescription == argument }) else {
      let spellings = Self.allValueStrings
      throw InvalidValue(
        "'\(argument)' is not one of \(spellings.joined(separator: ", "))"
          + didYouMean(nearest(to: argument, among: spellings)))
    }
    self = value
  }

  public static var allValueStrings: [String] { allCases.map(\.defaultValueDescription) }
}

extension String: ExpressibleByArgument {
  public init(argument: String) throws {
    // `--out "$UNSET"` is a mistake that a file's name would only hide.
    guard !argument.isEmpty else { throw InvalidValue("the value is empty") }
    self = argument
  }
}

extension ExpressibleByArgument where Self: FixedWidthInteger {
  public init(argument: String) throws {
    if let value = Self(argument) {
      self = value
      return
    }
    let digits =
      argument.first == "-" || argument.first == "+" ? argument.dropFirst() : argument[...]
    guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }) else {
      throw InvalidValue("'\(argument)' is not a whole number")
    }
    throw InvalidValue("'\(argument)' is not between \(Self.min) and \(Self.max)")
  }
}

extension Int: ExpressibleByArgument {}
extension UInt64: ExpressibleByArgument {}

extension ExpressibleByArgument where Self: BinaryFloatingPoint & LosslessStringConvertible {
  public init(argument: String) throws {
    guard let value = Self(argument) else { throw InvalidValue("'\(argument)' is not a number") }
    guard value.isFinite else {
      let isOverflow = argument.contains(where: \.isNumber)
      throw InvalidValue(
        isOverflow
          ? "'\(argument)' is too large; the largest is \(Self.greatestFiniteMagnitude)"
          : "'\(argument)' is not a finite number")
    }
    self = value
  }

  public var defaultValueDescription: String {
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension Float: ExpressibleByArgument {}
extension Double: ExpressibleByArgument {}

/// A list is written with commas: `400,200`.
extension Array: ExpressibleByArgument where Element: ExpressibleByArgument {
  public init(argument: String) throws {
    do {
      self = try argument.split(separator: ",", omittingEmptySubsequences: false)
        .map { try Element(argument: String($0)) }
    } catch {
      if argument.contains(",") { throw InvalidValue("\(error), in '\(argument)'") }
      // Most likely a list as others write them: `400 200`, `0-8`.
      guard argument.dropFirst().contains(where: { " -;:".contains($0) }) else { throw error }
      throw InvalidValue("\(error); a list is written with commas")
    }
  }

  public var defaultValueDescription: String {
    map(\.defaultValueDescription).joined(separator: ",")
  }
}
