/// A value known by its position: `vae evaluate <run>`. Required.
@propertyWrapper
public struct Argument<Value: ExpressibleByArgument>: ArgumentProperty {
  private var storage = Storage<Value>(nil)
  private let help: ArgumentHelp

  /// The value read from the command line.
  public var wrappedValue: Value {
    get {
      guard let value = storage.value else { preconditionFailure("read before it was parsed") }
      return value
    }
    set { storage = Storage(newValue) }
  }

  /// An argument that must be given.
  public init(help: ArgumentHelp) { self.help = help }

  func definitions(name: String) -> [ArgumentDefinition] {
    let values = Value.allValueStrings
    return [
      ArgumentDefinition(
        kind: .argument, name: name, help: help,
        notes: values.isEmpty ? [] : ["values: " + values.joined(separator: ", ")],
        isRequired: true,
        assign: { [storage] in storage.value = try Value(argument: $0) })
    ]
  }
}
