import Foundation
import Parity
import Plots
import Terminal

/// A comparison as one self-contained page: verdicts, what was compared, plots and figures.
struct ComparisonPage {
  private let report: ComparisonReport
  private var comparison: Comparison { report.comparison }

  init(_ report: ComparisonReport) { self.report = report }

  /// The page.
  var text: String {
    let verdict = comparison.passes ? "All within bounds" : "Not all within bounds"
    return HTML.page(
      title: "vae compare: \(verdict)",
      body: """
        <h1 class="\(comparison.passes ? "pass" : "fail")">\(verdict)</h1>
        \(verdicts)
        <h2>Environment</h2>
        \(environment)
        \(operations)\(gradients)\(random)\(lockstep)\(freeRuns)\(determinism)
        """)
  }

  private var verdicts: String {
    HTML.table(
      columns: [("", .left), ("", .left), ("", .left)],
      rows: comparison.verdicts.map { verdict in
        [
          .init(verdict.passes ? "pass" : "FAIL", verdict.passes ? "pass" : "fail"),
          .init(verdict.section.rawValue), .init(verdict.text, "long"),
        ]
      })
  }

  private var environment: String {
    HTML.list(report.environment.lines)
      + "<p>Again: <code>\(escaped(report.environment.command))</code></p>"
  }

  private var operations: String {
    guard !comparison.operations.isEmpty else { return "" }
    var rows: [[HTML.Cell]] = []
    for (name, operations) in zip(report.names, comparison.operations) {
      for summary in operations.summaries {
        rows.append([
          .init(summary.operation), .init(name), .init("\(summary.cases)"),
          .init("\(summary.failures)", summary.failures > 0 ? "fail" : ""),
          .init(Figure.short(summary.largestUlps)),
          .init(Figure.percent(summary.boundUse), summary.boundUse > 1 ? "fail" : ""),
          .init(String(format: "%.1f", summary.effectiveBits)),
          .init(summary.productStatistic.map { String(format: "%.2f", $0) } ?? ""),
          .init(summary.worst.map { "\($0.place) of \($0.caseName)" } ?? "", "long"),
        ])
      }
    }
    let failures = zip(report.names, comparison.operations).flatMap { name, operations in
      operations.failures.prefix(10).map { "<li>\(escaped("\(name): \($0)"))</li>" }
    }
    return """
      <h2>Operations</h2>
      <p>Largest error of each operation as a share of its bound, over all cases and kinds of data.</p>
      \(BoundPlot(names: report.names, reports: comparison.operations).svg)
      \(failures.isEmpty ? "" : "<p>First failures:</p><ul>\(failures.joined())</ul>")
      <details><summary>Figures</summary>
      <p>ulp and bits: of ordinary data, the largest error in units in the last place of the exact value, \
      and the bits that are right of the tensor's largest value. RMS: of matrix products, \
      err/√Σ(ab)² in units of √K·u; 1 is the limit.</p>
      \(HTML.table(
        columns: [
          ("operation", .left), ("backend", .left), ("cases", .right), ("failed", .right),
          ("ulp", .right), ("bound", .right), ("bits", .right), ("RMS", .right),
          ("element nearest to its bound", .left),
        ], rows: rows))
      </details>\(pairs)
      """
  }

  private var pairs: String {
    guard !comparison.pairs.isEmpty else { return "" }
    let rows = comparison.pairs.map { pair -> [HTML.Cell] in
      let difference = pair.largestUlps.map(Figure.short) ?? "did not run"
      return [
        .init("\(pair.first) and \(pair.second)"), .init(pair.operation),
        .init(pair.isIdentical ? "same bits" : difference),
      ]
    }
    return """
      <details><summary>Backend against backend</summary>
      <p>Largest difference on ordinary data, in units in the last place of the output's largest value.</p>
      \(HTML.table(
        columns: [("backends", .left), ("operation", .left), ("ulp", .right)], rows: rows))
      </details>
      """
  }

  private var gradients: String {
    guard !comparison.gradients.isEmpty else { return "" }
    return """
      <h2>Gradients</h2>
      <p>Is the formula right? |gradient − slope|, both in Double, against what the difference quotient \
      leaves open. Is the kernel right? Each backend's ‖g − ĝ‖/‖ĝ‖ from the formula in Double, and what \
      rounding explains.</p>
      \(HTML.table(
        columns: [("array", .left), ("off the slope", .right), ("limit", .right)]
          + report.names.map { ($0, .right) } + [("limit", .right)],
        rows: comparison.gradients.map { result in
          [
            .init(result.tensor),
            .init(result.slopeError, isRight: result.formulaIsRight), .init(result.slopeBound),
          ] + zip(result.distances, result.backendsAreRight).map { .init($0, isRight: $1) }
            + [.init(result.distanceBound)]
        }))
      """
  }

  private var random: String {
    guard let first = comparison.random.first else { return "" }
    return """
      <h2>Random numbers</h2>
      <p>Moments and the statistic of Kolmogorov and Smirnov over \(Format.count(first.draws)) normals, moments in \
      standard deviations from N(0, 1)'s.</p>
      \(HTML.table(
        columns: [("figure", .left)] + report.names.map { ($0, .right) } + [("limit", .right)],
        rows: first.figures.indices.map { index in
          let figures = comparison.random.map { $0.figures[index] }
          return [.init(first.figures[index].name)]
            + figures.map { .init(Figure.plain($0.value), $0.passes ? "" : "fail") }
            + [.init(Figure.plain(first.figures[index].limit))]
        }))
      """
  }

  private var lockstep: String {
    guard let first = comparison.lockstep.first, !first.isEmpty else { return "" }
    let rows = first.indices.map { index -> [HTML.Cell] in
      [.init("\(first[index].step)"), .init(first[index].operation), .init(first[index].tensor)]
        + comparison.lockstep.flatMap { results -> [HTML.Cell] in
          guard results.indices.contains(index) else { return [.init(""), .init("")] }
          let result = results[index]
          return [
            .init(
              Figure.percent(result.output.boundUse), result.failures.isEmpty ? "" : "fail"),
            .init(Figure.scientific(result.distance)),
          ]
        }
    }
    return """
      <h2>Trajectory</h2>
      <details><summary>Lockstep: every operation of steps that begin at the reference's state</summary>
      <p>Each operation's largest error as a share of its bound, on the inputs that it had; \
      and the tensor's ‖x − x̂‖/‖x̂‖ from the reference's whole step.</p>
      \(HTML.table(
        columns: [("step", .right), ("operation", .left), ("tensor", .left)]
          + report.names.flatMap { [("\($0), of bound", .right), ("distance", .right)] },
        rows: rows))
      </details>
      """
  }

  private var freeRuns: String {
    guard let first = comparison.freeRuns.first else { return "" }
    let runs = Array(zip(report.names, comparison.freeRuns))
    func lines(_ value: (FreeRun.Step) -> Double) -> [LinePlot.Line] {
      runs.map { .init(name: $0, values: $1.steps.map(value)) }
    }
    let loss = LinePlot(
      quantity: "\(report.environment.lossUnit) an image",
      lines: [.init(name: "Double", values: first.steps.map(\.referenceLoss), role: .reference)]
        + lines(\.loss)
    ).svg
    func distance(
      _ quantity: String, _ value: (FreeRun.Step) -> Double, moved: (FreeRun.Step) -> Double,
      limit: (FreeRun.Step) -> Double
    ) -> String {
      let plot = LinePlot(
        quantity: quantity,
        lines: [
          .init(
            name: "Double, weights moved by an ulp", values: first.steps.map(moved),
            role: .reference),
          .init(name: "limit", values: first.steps.map(limit), role: .limit),
        ] + lines(value), isLogarithmic: true)
      return "<div class=\"wide\">\(plot.svg)</div>"
    }
    return """
      <h3>Loss of a free run</h3><div class="wide">\(loss)</div>
      <h3>Loss, distance from the reference</h3>
      \(distance("|L − L̂|/|L̂|", \.lossDistance, moved: \.lossEnvelope, limit: \.lossLimit))
      <h3>Parameters, distance from the reference</h3>
      \(distance(
        "‖θ − θ̂‖/‖θ̂‖", \.parameterDistance, moved: \.parameterEnvelope, limit: \.parameterLimit))
      """
  }

  private var determinism: String {
    guard !comparison.determinism.isEmpty else { return "" }
    var rows: [[HTML.Cell]] = []
    for (name, result) in zip(report.names, comparison.determinism) {
      let judged = [
        ("once", result.hash), ("again", result.hashAgain),
        ("saved and resumed", result.hashResumed),
      ]
      for (what, hash) in judged {
        guard let hash else { continue }
        rows.append([
          .init(name), .init(what),
          .init(String(hash.prefix(16)), hash == result.hash ? "" : "fail"),
        ])
      }
      for variant in result.variants {
        rows.append([.init(name), .init(variant.name), .init(String(variant.hash.prefix(16)))])
      }
    }
    return """
      <h2>Determinism</h2>
      <p>SHA-256 of the parameters after the last step. Another number of threads may change it.</p>
      \(HTML.table(
        columns: [("backend", .left), ("run", .left), ("hash begins", .left)], rows: rows))
      """
  }
}
