/// The help of a command, wrapped to a terminal's width.
struct HelpText {
  let path: CommandPath
  let columns: Int

  /// Where descriptions begin, as in swift-argument-parser.
  private let descriptionColumn = 26

  private var configuration: CommandConfiguration { path.last.configuration }

  /// The whole text, with a newline at its end.
  var description: String {
    var paragraphs: [String] = []
    if !configuration.abstract.isEmpty {
      paragraphs.append(wrapped("OVERVIEW: " + configuration.abstract, columns: columns))
    }
    if !configuration.discussion.isEmpty {
      paragraphs.append(wrapped(configuration.discussion, columns: columns))
    }
    paragraphs.append(usage)
    paragraphs += sections.map { title, entries in
      "\(title.uppercased()):\n" + entries.map(entry).joined(separator: "\n")
    }
    if !path.subcommands.isEmpty {
      paragraphs.append("  See '\(path.types[0].commandName) help <subcommand>' for detailed help.")
    }
    return paragraphs.joined(separator: "\n\n") + "\n"
  }

  /// `USAGE: vae evaluate <run> [--data <dir>]`; of many options only the required ones.
  var usage: String {
    let prefix = "USAGE: \(path.name)"
    guard path.subcommands.isEmpty else { return prefix + " <subcommand>" }
    let definitions = path.last.init().definitions
    let required = definitions.filter(\.isRequired).map(\.synopsis)
    let optional = definitions.filter { !$0.isRequired }.map { "[\($0.synopsis)]" }
    let full = ([prefix] + required + optional).joined(separator: " ")
    if optional.isEmpty || full.count <= columns { return full }
    return ([prefix] + required + ["[<options>]"]).joined(separator: " ")
  }

  private typealias Entry = (label: String, help: ArgumentHelp, notes: [String])

  private var sections: [(title: String, entries: [Entry])] {
    let subcommands = path.subcommands
    let definitions = subcommands.isEmpty ? path.last.init().definitions : []
    let arguments = definitions.filter { $0.kind == .argument }
    let options = definitions.filter { $0.kind != .argument }
    var titles: [String] = []
    for option in options {
      if let section = option.section, !titles.contains(section) { titles.append(section) }
    }
    var common = options.filter { $0.section == nil }.map(entry)
    if configuration.version != nil { common.append(("--version", "Show the version.", [])) }
    common.append(("-h, --help", "Show help information.", []))

    // What a command declares itself is wanted more often than its titled groups.
    var sections = [("Arguments", arguments.map(entry)), ("Options", common)]
    sections += titles.map { title in
      (title, options.filter { $0.section == title }.map(entry))
    }
    sections.append(
      (
        "Subcommands",
        subcommands.map { ($0.commandName, ArgumentHelp($0.configuration.abstract), []) }
      ))
    return sections.filter { !$0.1.isEmpty }
  }

  private func entry(of definition: ArgumentDefinition) -> Entry {
    (definition.synopsis, definition.help, definition.notes)
  }

  private func entry(_ entry: Entry) -> String {
    let notes = entry.notes.isEmpty ? "" : "(\(entry.notes.joined(separator: "; ")))"
    let abstract = [entry.help.abstract, notes].filter { !$0.isEmpty }.joined(separator: " ")
    let text = [abstract, entry.help.discussion].filter { !$0.isEmpty }.joined(separator: "\n")
    let label = "  " + entry.label
    guard !text.isEmpty else { return label }
    let body = wrapped(text, columns: columns, indent: descriptionColumn)
    guard label.count < descriptionColumn else { return label + "\n" + body }
    return label + body.dropFirst(label.count)
  }
}

/// `text` in lines of at most `columns` characters, `indent` spaces before each. Line breaks in it stay; a
/// longer word has a line of its own.
package func wrapped(_ text: String, columns: Int, indent: Int = 0) -> String {
  let margin = String(repeating: " ", count: indent)
  // Below this a narrow terminal does better to wrap by itself.
  let width = max(columns - indent, 20)
  var lines: [String] = []
  for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
    var line = ""
    for word in paragraph.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(margin + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line.isEmpty ? "" : margin + line)
  }
  return lines.joined(separator: "\n")
}
