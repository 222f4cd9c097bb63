import Foundation

/// One option, flag or argument, as the parser and the help see it.
struct ArgumentDefinition {
  enum Kind { case option, flag, argument }

  let kind: Kind
  /// In lower case with hyphens, without dashes before it.
  let name: String
  let help: ArgumentHelp
  /// What help adds in parentheses: range, allowed values, default.
  var notes: [String] = []
  var isRequired = false
  /// The value where the option stands without one; `nil` where it needs one.
  var implied: String?
  /// Whether the command line had it when this was made.
  var isGiven = false
  /// The title of the group it belongs to, if that has one.
  var section: String?
  /// Reads a value into the command's property. A flag takes none.
  let assign: (String) throws -> Void

  /// `--epochs <n>`, `--quiet` or `<run>`
  var synopsis: String {
    switch kind {
    case .option:
      implied == nil
        ? "\(spelling) <\(help.valueName ?? name)>" : "\(spelling) [<\(help.valueName ?? name)>]"
    case .flag, .argument: spelling
    }
  }

  /// Whether `word` is one of its values, in its range or not.
  func takes(_ word: String) -> Bool {
    do {
      try assign(word)
      return true
    } catch {
      return error is RangeViolation
    }
  }

  /// How errors name it: `--epochs`, or `<run>`.
  var spelling: String {
    kind == .argument ? "<\(help.valueName ?? name)>" : "--\(name)"
  }
}

/// A property wrapper that takes part in parsing.
protocol ArgumentProperty {
  /// The definitions behind the property called `name`.
  func definitions(name: String) -> [ArgumentDefinition]
  /// Checks the values read.
  func validate() throws
}

extension ArgumentProperty {
  func validate() throws {}
}

/// A property's value, shared between a command and the copy of it that reflection sees, so that the parser
/// can write what it cannot reach otherwise.
final class Storage<Value> {
  var value: Value?
  /// Whether it comes from the command line.
  private(set) var isGiven = false

  init(_ value: Value?) { self.value = value }

  /// Takes over what the command line says.
  func give(_ value: Value) {
    self.value = value
    isGiven = true
  }
}

extension ParsableArguments {
  /// The wrapped properties with their names, in the order of declaration.
  var properties: [(name: String, property: any ArgumentProperty)] {
    Mirror(reflecting: self).children.compactMap { child in
      guard let label = child.label, let property = child.value as? any ArgumentProperty else {
        return nil
      }
      // The compiler stores a wrapped `epochs` as `_epochs`.
      return (hyphenated(String(label.drop { $0 == "_" })), property)
    }
  }

  /// Every option, flag and argument, those of groups included.
  var definitions: [ArgumentDefinition] {
    properties.flatMap { $0.property.definitions(name: $0.name) }
  }

  /// The options and flags that the command line had, spelled as there, in the order of their declaration.
  public var givenOptions: [String] {
    definitions.filter { $0.kind != .argument && $0.isGiven }.map(\.spelling)
  }

  /// The first of `options`, each spelled as on a command line, that it had.
  public func firstGiven(of options: String...) -> String? {
    let known = Set(definitions.map(\.spelling))
    precondition(known.isSuperset(of: options), "options of \(Self.self) among \(options)")
    return givenOptions.first(where: options.contains)
  }

  /// Checks groups first, then the whole.
  mutating func validateAll() throws {
    for (_, property) in properties { try property.validate() }
    try validate()
  }
}

/// `batchSize` as `batch-size`, `requireGPU` as `require-gpu`, `HTTPPort` as `http-port`.
package func hyphenated(_ name: String) -> String {
  let characters = Array(name)
  var result = ""
  for (i, character) in characters.enumerated() {
    let next = i + 1 < characters.count ? characters[i + 1] : nil
    if character.isUppercase, i > 0,
      !characters[i - 1].isUppercase || next?.isLowercase == true
    {
      result += "-"
    }
    result += character.lowercased()
  }
  return result
}
