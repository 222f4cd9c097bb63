/// Options shared by several commands.
@propertyWrapper
public struct OptionGroup<Group: ParsableArguments>: ArgumentProperty {
  private var storage: Storage<Group>
  private let title: String?

  /// The options with their values.
  public var wrappedValue: Group {
    get {
      guard let group = storage.value else { preconditionFailure("made with a value") }
      return group
    }
    set { storage = Storage(newValue) }
  }

  /// A group; with a title, help shows it in a section of its own.
  public init(title: String? = nil) {
    storage = Storage(Group())
    self.title = title
  }

  func definitions(name: String) -> [ArgumentDefinition] {
    wrappedValue.definitions.map {
      var definition = $0
      definition.section = definition.section ?? title
      return definition
    }
  }

  func validate() throws { try storage.value?.validateAll() }
}
