import Foundation
import Parity
import Terminal

/// A comparison as a person reads it on a terminal.
struct ComparisonText {
  let hasColor: Bool

  func heading(_ environment: ComparisonEnvironment) -> String {
    zip(environment.candidates, environment.devices)
      .map { "\($0.padded(to: 11))\($1)\n" }.joined()
      + "reference  Double; model \(environment.model), seed \(environment.seed)\n"
      + Set(environment.buildOptions).sorted().map { "kernels    \($0)\n" }.joined()
      + "again      \(environment.command)\n\n"
  }

  func verdict(_ verdict: Verdict) -> String {
    let word =
      verdict.passes
      ? Style.green.apply(to: "pass", hasColor: hasColor)
      : Style.red.apply(to: "FAIL", hasColor: hasColor)
    let time = Format.duration(verdict.seconds)
    return "\(word)  \(verdict.section.rawValue.padded(to: 13))\(verdict.text) (\(time))\n"
  }

  func tables(_ comparison: Comparison) -> String {
    let tables = [operations(comparison), pairs(comparison), steps(comparison)]
    return tables.compactMap { $0 }.map { "\n" + $0.text(hasColor: hasColor) }.joined()
      + "\n"
      + (comparison.passes
        ? Style.green.apply(to: "All within bounds.", hasColor: hasColor)
        : Style.red.apply(to: "Not all within bounds.", hasColor: hasColor)) + "\n"
  }

  /// Operations against `Double`.
  private func operations(_ comparison: Comparison) -> Table? {
    guard !comparison.operations.isEmpty else { return nil }
    var table = Table([
      "operation": .left, "backend": .left, "cases": .right, "failed": .right,
      "largest error, ulp": .right, "of bound": .right, "bits": .right, "RMS/√K·u": .right,
    ])
    let names = comparison.operations.first?.summaries.map(\.operation) ?? []
    for name in names {
      for (candidate, report) in zip(comparison.environment.candidates, comparison.operations) {
        guard let summary = report.summaries.first(where: { $0.operation == name }) else {
          continue
        }
        table.append([
          "\(candidate == comparison.environment.candidates.first ? name : "")", "\(candidate)",
          "\(summary.cases)",
          .init("\(summary.failures)", summary.failures > 0 ? .red : .plain),
          "\(number(summary.largestUlps))", "\(number(100 * summary.boundUse)) %",
          "\(Format.fixed(summary.effectiveBits, digits: 1))",
          "\(summary.productStatistic.map { Format.fixed($0, digits: 2) } ?? "")",
        ])
      }
    }
    return table
  }

  /// Candidates against one another.
  private func pairs(_ comparison: Comparison) -> Table? {
    guard !comparison.pairs.isEmpty else { return nil }
    var table = Table([
      "backend against backend": .left, "operation": .left, "largest difference, ulp": .right,
    ])
    var last = ""
    for pair in comparison.pairs {
      let name = "\(pair.first) and \(pair.second)"
      table.append([
        "\(name == last ? "" : name)", "\(pair.operation)",
        "\(pair.isIdentical ? "same bits" : number(pair.largestUlps))",
      ])
      last = name
    }
    return table
  }

  /// The free run, a few steps of it.
  private func steps(_ comparison: Comparison) -> Table? {
    guard let first = comparison.freeRuns.first, !first.steps.isEmpty else { return nil }
    var table = Table([
      "free run": .left, "step": .right, "loss": .right, "loss, Double": .right,
      "‖θ−θ̂‖/‖θ̂‖": .right, "an ulp's run": .right,
    ])
    for (candidate, run) in zip(comparison.environment.candidates, comparison.freeRuns) {
      var numbers = [0, 1, 2, 4, 8, 16, 32, 64, 128].filter { $0 < run.steps.count - 1 }
      numbers.append(run.steps.count - 1)
      for number in numbers {
        let step = run.steps[number]
        table.append([
          "\(number == 0 ? candidate : "")", "\(number)", "\(Format.fixed(step.loss, digits: 4))",
          "\(Format.fixed(step.referenceLoss, digits: 4))", "\(scientific(step.parameterDistance))",
          "\(scientific(step.parameterEnvelope))",
        ])
      }
    }
    return table
  }

  private func number(_ value: Double) -> String {
    value >= 1e5 ? scientific(value) : Format.fixed(value, digits: value < 10 ? 2 : 0)
  }

  private func scientific(_ value: Double) -> String { String(format: "%.1e", value) }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(width - count, 1))
  }
}
