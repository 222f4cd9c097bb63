/// A command and the families it belongs to, outermost first: `vae data mnist`.
package struct CommandPath {
  private(set) var types: [any ParsableCommand.Type]

  init(_ root: any ParsableCommand.Type) { types = [root] }

  var last: any ParsableCommand.Type { types[types.count - 1] }
  var name: String { types.map { $0.commandName }.joined(separator: " ") }
  var subcommands: [any ParsableCommand.Type] { last.configuration.subcommands }

  /// Steps into the subcommand `name`.
  mutating func descend(to name: String) throws(UsageError) {
    guard let next = subcommands.first(where: { $0.commandName == name }) else {
      let names = subcommands.map { $0.commandName } + ["help"]
      throw .unknownSubcommand(name, suggestion: nearest(to: name, among: names))
    }
    types.append(next)
  }
}

/// What a command line asks for.
package enum Request {
  case run(any ParsableCommand)
  case help
  case version(String)
}

/// Reads a command line, from the root command down to the values of its options.
package struct Parser {
  /// How far the command was understood: whose usage an error shows.
  package private(set) var path: CommandPath

  package init(root: any ParsableCommand.Type) { path = CommandPath(root) }

  package mutating func parse(_ arguments: [String]) throws -> Request {
    var rest = arguments[...]
    while !path.subcommands.isEmpty {
      guard let word = rest.popFirst() else { return .help }
      switch word {
      case "-h", "--help": return .help
      case "help":
        while let name = rest.popFirst() {
          guard !path.subcommands.isEmpty else {
            throw UsageError.unexpectedArguments([name] + rest)
          }
          try path.descend(to: name)
        }
        return .help
      default:
        if word == "--version", let version = path.last.configuration.version {
          return .version(version)
        }
        guard !word.hasPrefix("-") else { throw unknown(word, among: []) }
        try path.descend(to: word)
      }
    }
    // Help is given even where something else on the line is wrong.
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "-h" || $0 == "--help" }) {
      return .help
    }
    if rest.first == "--version", let version = path.last.configuration.version {
      return .version(version)
    }
    var command = path.last.init()
    try assign(rest, to: command.definitions)
    do {
      try command.validateAll()
    } catch let error as ValidationError {
      throw UsageError.invalid(error.description)
    }
    return .run(command)
  }

  private func assign(_ arguments: ArraySlice<String>, to definitions: [ArgumentDefinition]) throws
  {
    let named = Dictionary(
      uniqueKeysWithValues: definitions.filter { $0.kind != .argument }.map { ($0.spelling, $0) })
    var positional = definitions.filter { $0.kind == .argument }[...]
    var unexpected: [String] = []
    var given: Set<String> = []
    var rest = arguments
    var optionsEnded = false

    while let word = rest.popFirst() {
      if !optionsEnded, word == "--" {
        optionsEnded = true
      } else if optionsEnded || isValue(word) {
        guard let definition = positional.popFirst() else {
          unexpected.append(word)
          continue
        }
        try assign(word, to: definition)
        given.insert(definition.spelling)
      } else {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let option = String(parts[0])
        var value = parts.count == 2 ? String(parts[1]) : nil
        guard let definition = named[option] else {
          throw unknown(option, among: Array(named.keys))
        }
        if definition.kind == .flag {
          if let value { throw UsageError.needlessValue(option, value: value) }
        } else if value == nil, let implied = definition.implied {
          // A word that is no value of it belongs to an argument: `--nll runs/mnist`.
          let isMeant = rest.first.map { isValue($0) && definition.takes($0) } ?? false
          value = isMeant ? rest.removeFirst() : implied
        } else if value == nil, let next = rest.first, isValue(next) {
          value = rest.removeFirst()
        } else if value == nil {
          throw UsageError.missingValue(definition.synopsis)
        }
        try assign(value ?? "", to: definition)
        given.insert(option)
      }
    }
    guard unexpected.isEmpty else { throw UsageError.unexpectedArguments(unexpected) }
    let missing = definitions.filter { $0.isRequired && !given.contains($0.spelling) }
    guard missing.isEmpty else { throw UsageError.missing(missing.map(\.synopsis)) }
  }

  private func assign(_ value: String, to definition: ArgumentDefinition) throws(UsageError) {
    do {
      try definition.assign(value)
    } catch let error as RangeViolation {
      throw .outOfRange(definition.spelling, range: error.range, value: error.value)
    } catch {
      throw .invalidValue(definition.spelling, reason: "\(error)")
    }
  }

  private func unknown(_ option: String, among names: [String]) -> UsageError {
    let version = path.last.configuration.version == nil ? [] : ["--version"]
    let candidates = names.sorted() + ["--help"] + version
    return .unknownOption(option, suggestion: nearest(to: option, among: candidates))
  }

  /// Whether `word` is a value rather than an option: negative numbers and `-`, the standard streams'
  /// name, are values.
  private func isValue(_ word: String) -> Bool {
    guard word.hasPrefix("-"), let second = word.dropFirst().first else { return true }
    return second.isNumber || second == "."
  }
}
