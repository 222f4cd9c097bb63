import Arguments
import Foundation
import Parity
import Plots
import Terminal

/// A comparison as a person reads it on a terminal, 80 columns wide.
struct ComparisonText {
  private let hasColor: Bool
  /// The width of a terminal; `nil` for a log, whose lines stay whole.
  private let columns: Int?

  init(_ terminal: Terminal) {
    hasColor = terminal.hasColor
    columns = terminal.isInteractive ? terminal.columns : nil
  }

  /// What is compared.
  func heading(_ environment: ComparisonEnvironment) -> String {
    // The command is not wrapped: what is copied off a terminal must still be one line.
    environment.lines.map { line(label: $0.title, width: 11, $0.text) }.joined()
      + "again      \(environment.command)\n\n"
  }

  /// What is being done, to be replaced by its verdict.
  func announcement(_ section: ComparisonSection) -> String {
    columns == nil ? "" : "\(section.rawValue)…"
  }

  /// A section's outcome in a line.
  func verdict(_ verdict: Verdict) -> String {
    let word = verdict.passes ? "pass" : "FAIL"
    let text = line(
      label: "\(word)  \(verdict.section.rawValue)", width: 19,
      "\(verdict.text) (\(Format.duration(verdict.seconds)))")
    return (columns == nil ? "" : "\r\u{1B}[K")
      + (verdict.passes ? Style.green : .red).apply(to: word, hasColor: hasColor)
      + text.dropFirst(word.count)
  }

  /// `text` behind a label, its further lines below its first.
  private func line(label: String, width: Int, _ text: String) -> String {
    let body = wrapped(text, columns: columns ?? .max, indent: width)
    let label = label.padding(toLength: max(width, label.count + 1), withPad: " ", startingAt: 0)
    return label + body.dropFirst(width) + "\n"
  }

  /// Figures of every section, and the verdict on all.
  func tables(_ report: ComparisonReport) -> String {
    let comparison = report.comparison
    let failed = comparison.verdicts.filter { !$0.passes }.map(\.section.rawValue)
    let operations = zip(report.names, comparison.operations).map(operations)
    let others = [pairs(comparison), gradients(report), random(report), freeRuns(report)]
    func text(_ tables: [Table]) -> String {
      tables.map { "\n" + $0.text(hasColor: hasColor) }.joined()
    }
    return text(operations) + (operations.isEmpty ? "" : legend) + text(others.compactMap { $0 })
      + "\n"
      + (failed.isEmpty
        ? Style.green.apply(
          to: "All within bounds: \(report.names.joined(separator: ", ")).", hasColor: hasColor)
        : Style.red.apply(
          to: "Not all within bounds: \(failed.joined(separator: ", ")).", hasColor: hasColor))
      + "\n"
  }

  /// What the columns of the operations' tables mean.
  private var legend: String {
    let text = """
      ulp, bits: of ordinary data, the largest error and the bits right of the largest value; bound: \
      the most used of a bound, on any data, and where (the bounds are derived for each element by running \
      error analysis: Parity.md); RMS: of products, in √K·u, 1 is the limit
      """
    return Style.dim.apply(to: wrapped(text, columns: columns ?? .max), hasColor: hasColor) + "\n"
  }

  /// Operations against `Double`.
  private func operations(_ name: String, _ report: ConformanceReport) -> Table {
    var table = Table([
      "\(name) against Double": .left, "cases": .right, "ulp": .right, "bound": .right,
      "bits": .right, "RMS": .right, "worst element": .left,
    ])
    for summary in report.summaries {
      let cases = summary.failures == 0 ? "" : "\(summary.failures)/"
      table.append([
        "\(summary.operation)",
        .init("\(cases)\(summary.cases)", summary.failures > 0 ? .red : .plain),
        "\(Figure.short(summary.largestUlps))",
        .init("\(Figure.percent(summary.boundUse))", summary.boundUse > 1 ? .red : .plain),
        "\(Format.fixed(summary.effectiveBits, digits: 1))",
        "\(summary.productStatistic.map { Format.fixed($0, digits: 2) } ?? "")",
        "\(summary.worst?.place ?? "")",
      ])
    }
    return table
  }

  /// Candidates against one another.
  private func pairs(_ comparison: Comparison) -> Table? {
    guard !comparison.pairs.isEmpty else { return nil }
    var table = Table([
      "backend against backend": .left, "operation": .left, "ulp of the largest": .right,
    ])
    var last = ""
    for pair in comparison.pairs {
      let name = "\(pair.first) and \(pair.second)"
      let difference = pair.largestUlps.map(Figure.short) ?? "did not run"
      table.append([
        "\(name == last ? "" : name)", "\(pair.operation)",
        "\(pair.isIdentical ? "same bits" : difference)",
      ])
      last = name
    }
    return table
  }

  /// Formulas against slopes, backends against formulas: uses of bounds.
  private func gradients(_ report: ComparisonReport) -> Table? {
    guard !report.comparison.gradients.isEmpty else { return nil }
    var table = Table(
      [("gradients, use of bound", .left), ("formula", .right)] + report.names.map { ($0, .right) })
    for result in report.comparison.gradients {
      let uses =
        [result.slopeError / result.slopeBound]
        + result.distances.map { $0 / result.distanceBound }
      table.append(
        ["\(result.tensor)"]
          + uses.map { .init(Figure.percent($0), $0 <= 1 ? .plain : .red) })
    }
    return table
  }

  /// Figures of the random numbers.
  private func random(_ report: ComparisonReport) -> Table? {
    let results = report.comparison.random
    guard let first = results.first else { return nil }
    var table = Table(
      [("random numbers", .left), ("limit", .right)] + report.names.map { ($0, .right) })
    for (index, figure) in first.figures.enumerated() {
      let figures = results.map { $0.figures[index] }
      table.append(
        ["\(figure.name)", "\(Figure.plain(figure.limit))"]
          + figures.map { .init(Figure.plain($0.value), $0.passes ? .plain : .red) })
    }
    return table
  }

  /// The free run, a few steps of it.
  private func freeRuns(_ report: ComparisonReport) -> Table? {
    let runs = report.comparison.freeRuns
    guard let first = runs.first, !first.steps.isEmpty else { return nil }
    var table = Table([
      "free run": .left, "step": .right, "loss, Double": .right, "off by": .right,
      "limit": .right, "parameters off by": .right, "limit": .right,
    ])
    for (candidate, run) in zip(report.names, runs) {
      var numbers = [0, 1, 2, 4, 8, 16, 32, 64, 128].filter { $0 < run.steps.count - 1 }
      numbers.append(run.steps.count - 1)
      for number in numbers {
        let step = run.steps[number]
        func cell(_ value: Double, _ limit: Double) -> Table.Cell {
          .init(Figure.scientific(value), value <= limit ? .plain : .red)
        }
        table.append([
          "\(number == 0 ? candidate : "")", "\(number)",
          "\(Format.fixed(step.referenceLoss, digits: 4))",
          cell(step.lossDistance, step.lossLimit), "\(Figure.scientific(step.lossLimit))",
          cell(step.parameterDistance, step.parameterLimit),
          "\(Figure.scientific(step.parameterLimit))",
        ])
      }
    }
    return table
  }
}
