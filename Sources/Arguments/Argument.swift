/// A value known by its position: `vae evaluate <run>`. Required unless it is declared as an optional.
@propertyWrapper
public struct Argument<Value>: ArgumentProperty {
  private var storage: Storage<Value>
  private let help: ArgumentHelp
  private let notes: [String]
  private let read: (String) throws -> Value

  /// The value read from the command line, or nil.
  public var wrappedValue: Value {
    get {
      guard let value = storage.value else { preconditionFailure("read before it was parsed") }
      return value
    }
    set { storage = Storage(newValue) }
  }

  private init<Parsed: ExpressibleByArgument>(
    initial: Value?, help: ArgumentHelp, wrap: @escaping (Parsed) -> Value
  ) {
    let values = Parsed.allValueStrings
    storage = Storage(initial)
    self.help = help
    notes = values.isEmpty ? [] : ["values: " + values.joined(separator: ", ")]
    read = { wrap(try Parsed(argument: $0)) }
  }

  /// An argument that must be given.
  public init(help: ArgumentHelp) where Value: ExpressibleByArgument {
    self.init(initial: nil, help: help) { $0 }
  }

  /// An argument that is nil unless given.
  public init<Wrapped: ExpressibleByArgument>(help: ArgumentHelp) where Value == Wrapped? {
    self.init(initial: .some(nil), help: help) { $0 }
  }

  func definitions(name: String) -> [ArgumentDefinition] {
    [
      ArgumentDefinition(
        kind: .argument, name: name, help: help, notes: notes, isRequired: storage.value == nil,
        isGiven: storage.isGiven, assign: { [storage, read] in storage.give(try read($0)) })
    ]
  }
}
