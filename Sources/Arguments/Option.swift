/// A named value: `--epochs 10` or `--epochs=10`. Given twice, the last one counts.
///
/// Required unless it is declared with a default or as an optional.
@propertyWrapper
public struct Option<Value>: ArgumentProperty {
  private var storage: Storage<Value>
  private let help: ArgumentHelp
  private let notes: [String]
  private let implied: String?
  private let read: (String) throws -> Value

  /// The value read from the command line, or the default.
  public var wrappedValue: Value {
    get {
      guard let value = storage.value else { preconditionFailure("read before it was parsed") }
      return value
    }
    set { storage = Storage(newValue) }
  }

  private init<Parsed: ExpressibleByArgument>(
    initial: Value?, notes: [String], implied: String? = nil, range: ValueRange<Parsed>?,
    help: ArgumentHelp,
    wrap: @escaping (Parsed) -> Value
  ) {
    let values = Parsed.allValueStrings
    storage = Storage(initial)
    self.help = help
    self.implied = implied
    self.notes =
      (values.isEmpty ? [] : ["values: " + values.joined(separator: ", ")])
      + (range.map { [$0.description] } ?? []) + notes
    read = { argument in
      let value = try Parsed(argument: argument)
      if let range, let violation = range.violation(value) {
        throw RangeViolation(range: range.description, value: violation)
      }
      return wrap(value)
    }
  }

  /// An option that must be given.
  public init(range: ValueRange<Value>? = nil, help: ArgumentHelp)
  where Value: ExpressibleByArgument {
    self.init(initial: nil, notes: [], range: range, help: help) { $0 }
  }

  /// An option with a default.
  public init(wrappedValue: Value, range: ValueRange<Value>? = nil, help: ArgumentHelp)
  where Value: ExpressibleByArgument {
    let value = wrappedValue.defaultValueDescription
    let notes = value.isEmpty ? [] : ["default: \(value)"]
    self.init(initial: wrappedValue, notes: notes, range: range, help: help) { $0 }
  }

  /// An option that is nil unless given, and `implied` where it is given without a value.
  public init<Wrapped: ExpressibleByArgument>(
    range: ValueRange<Wrapped>? = nil, implied: Wrapped? = nil, help: ArgumentHelp
  ) where Value == Wrapped? {
    let implied = implied?.defaultValueDescription
    self.init(
      initial: .some(nil), notes: implied.map { ["\($0) without a value"] } ?? [],
      implied: implied, range: range, help: help
    ) { $0 }
  }

  func definitions(name: String) -> [ArgumentDefinition] {
    [
      ArgumentDefinition(
        kind: .option, name: name, help: help, notes: notes, isRequired: storage.value == nil,
        implied: implied, isGiven: storage.isGiven,
        assign: { [storage, read] in storage.give(try read($0)) })
    ]
  }
}

/// A value outside the range of its option.
struct RangeViolation: Error {
  let range: String
  let value: String
}
