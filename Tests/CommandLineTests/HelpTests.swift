import Foundation
import TestSupport
import Testing

/// The help of every command, and what it must agree with.
@Suite struct HelpTests {
  /// A command and its help.
  private struct Command {
    let words: [String]
    let help: String

    init(_ words: [String]) throws {
      let result = try Tool().run(words + ["--help"])
      try #require(result.status == 0 && result.error.isEmpty, "\(words)")
      (self.words, help) = (words, result.output)
    }

    /// Those of a family.
    var subcommands: [String] {
      guard let start = help.firstRange(of: "\nSUBCOMMANDS:\n") else { return [] }
      return help[start.upperBound...].matches(of: /(?m)^ {2}([a-z][a-z-]*)/).map { "\($0.1)" }
    }

    /// What an option takes, by its name: `<n>`, a list of values, or nothing.
    var options: [(name: String, value: String)] {
      help.matches(of: /(?m)^ {2}(--[a-z-]+)( <[^>]*>)?(?:[^\n]*(?:\n {26}.*)*)/).map { match in
        let values = match.output.0.replacing(/\s+/, with: " ").firstMatch(
          of: /\(values: ([a-z-]+)/)
        return ("\(match.1)", values.map { "\($0.1)" } ?? "\(match.2 ?? "")")
      }
    }

    /// The root, its subcommands, and theirs.
    static func all(below words: [String] = []) throws -> [Command] {
      let command = try Command(words)
      return try [command] + command.subcommands.flatMap { try all(below: words + [$0]) }
    }
  }

  @Test func everyCommandHasHelp() throws {
    let commands = try Command.all()
    #expect(commands.count > 30 && commands.contains { $0.words == ["data", "describe"] })
    for command in commands {
      let name = (["vae"] + command.words).joined(separator: " ")
      #expect(command.help.hasPrefix("OVERVIEW: ") && command.help.contains("\nUSAGE: \(name) "))
      #expect(command.help == (try Tool().run(["help"] + command.words).output), "\(name)")
    }
  }

  @Test func everyOptionIsDocumented() throws {
    let files = FileManager.default.enumerator(atPath: PackagePaths.root.path + "/Sources")
    let articles = (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }
    let text = try (["README.md"] + articles.map { "Sources/\($0)" }).map {
      try String(contentsOf: PackagePaths.root.appendingPathComponent($0), encoding: .utf8)
    }.joined()
    let documented = Set(text.matches(of: /--[a-z]+(?:-[a-z]+)*/).map { "\($0.output)" })
    for command in try Command.all() where !command.words.isEmpty {
      let missing = command.options.map(\.name).filter { !documented.contains($0) }
      #expect(missing == [], "\(command.words): in no article, nor in the README")
    }
  }

  /// A run goes on as it began, in everything that decides what comes of it.
  @Test func resumeChangesNothingElse() throws {
    let train = try Command(["train"])
    #expect(train.options.count > 40)
    let allowed = [
      "--data", "--backend", "--epochs", "--patience", "--kernels", "--profile", "--require-gpu",
      "--quiet",
    ]
    // What an option goes with, and a value where neither its help nor 1 is one.
    let companions = [
      "--variance": ["--likelihood", "gaussian"], "--momentum": ["--optimizer", "sgd"],
      "--weight-decay": ["--optimizer", "adamw"], "--beta-cycles": ["--beta-warmup", "1"],
      "--crop": ["--size", "28"],
    ]
    let values = ["--schedule": "cosine", "--corrupt": "mask:0.5", "--momentum": "0.5"]
    for (name, value) in train.options where !(allowed + ["--resume"]).contains(name) {
      let word = value.isEmpty ? [] : [values[name] ?? (value.contains("<") ? "1" : value)]
      let result = try Tool().run(
        ["train", "--resume", "nowhere", name] + word + (companions[name] ?? []))
      #expect(
        result.status == 2 && result.error.contains("cannot be changed by --resume"),
        "\(name): \(result.error)")
    }
    for (name, value) in train.options where allowed.contains(name) {
      let word = name == "--backend" ? ["blas"] : value.isEmpty ? [] : ["1"]
      let result = try Tool().run(["train", "--resume", "nowhere", name] + word)
      #expect(result.status == 1 && result.error.contains("nowhere"), "\(name): \(result.error)")
    }
  }
}
