/// A switch, off unless named: `--quiet`.
@propertyWrapper
public struct Flag: ArgumentProperty {
  private var storage: Storage<Bool>
  private let help: ArgumentHelp

  /// Whether the flag was given.
  public var wrappedValue: Bool {
    get { storage.value == true }
    set { storage = Storage(newValue) }
  }

  /// A flag, declared `= false`.
  public init(wrappedValue: Bool, help: ArgumentHelp) {
    precondition(!wrappedValue, "a flag that is on already does nothing")
    storage = Storage(false)
    self.help = help
  }

  func definitions(name: String) -> [ArgumentDefinition] {
    [
      ArgumentDefinition(
        kind: .flag, name: name, help: help, isGiven: storage.isGiven,
        assign: { [storage] _ in storage.give(true) })
    ]
  }
}
