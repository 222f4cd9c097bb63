/// A set of options, flags and arguments: a command's own, or those shared by several.
public protocol ParsableArguments {
  /// The values as declared, before any is read.
  init()
  /// Checks what ranges of single options cannot say, after all values are read.
  ///
  /// - Throws: `ValidationError`.
  mutating func validate() throws
}

/// A command, or a family of them.
public protocol ParsableCommand: ParsableArguments, SendableMetatype {
  /// Name, help and subcommands. A command with subcommands has no options of its own.
  static var configuration: CommandConfiguration { get }
  /// Does the command's work. What it throws is printed after `error:` and ends the process with 1; a
  /// `ValidationError` shows the usage and ends it with 2, an `ExitCode` says nothing.
  mutating func run() throws
}

/// A command's name, help and subcommands.
public struct CommandConfiguration: Sendable {
  /// What is typed. The type's name in lower case with hyphens otherwise.
  public var commandName: String?
  /// One line.
  public var abstract: String
  /// Paragraphs below the abstract, separated by empty lines.
  public var discussion: String
  /// What `--version` prints; without it there is no such option.
  public var version: String?
  /// The commands of this family.
  public var subcommands: [any ParsableCommand.Type]

  /// Everything has a default.
  public init(
    commandName: String? = nil, abstract: String = "", discussion: String = "",
    version: String? = nil, subcommands: [any ParsableCommand.Type] = []
  ) {
    self.commandName = commandName
    self.abstract = abstract
    self.discussion = discussion
    self.version = version
    self.subcommands = subcommands
  }
}

extension ParsableArguments {
  public mutating func validate() throws {}
}

extension ParsableCommand {
  public static var configuration: CommandConfiguration { CommandConfiguration() }

  static var commandName: String { configuration.commandName ?? hyphenated("\(Self.self)") }

  /// A family of commands alone shows its help, so only commands without subcommands need their own.
  public mutating func run() throws {
    preconditionFailure("\(Self.self) has neither subcommands nor run()")
  }
}
