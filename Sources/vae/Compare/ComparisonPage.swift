import Foundation
import Parity

/// A comparison as one self-contained page: verdicts, plots and the table of operations.
struct ComparisonPage {
  private let comparison: Comparison

  init(_ comparison: Comparison) { self.comparison = comparison }

  private var names: [String] { comparison.environment.candidates }

  /// The page.
  var text: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>vae compare</title><style>\(Self.style)</style></head><body>
    <h1>\(comparison.passes ? "All within bounds" : "Not all within bounds")</h1>
    <p class="dim">\(escaped(comparison.environment.model)), seed \(comparison.environment.seed),
    version \(escaped(comparison.environment.version)). Again:
    <code>\(escaped(comparison.environment.command))</code></p>
    <ul>\(zip(names, comparison.environment.devices).map { name, device in
      "<li><b>\(escaped(name))</b> \(escaped(device))</li>" }.joined())</ul>
    \(verdicts)\(lossPlot)\(distancePlot)\(boundPlot)\(operationTable)
    </body></html>

    """
  }

  private var verdicts: String {
    "<table>"
      + comparison.verdicts.map { verdict in
        "<tr><td class=\"\(verdict.passes ? "pass" : "fail")\">\(verdict.passes ? "pass" : "FAIL")"
          + "</td><td>\(verdict.section.rawValue)</td><td>\(escaped(verdict.text))</td></tr>"
      }.joined() + "</table>"
  }

  private var lossPlot: String {
    guard let first = comparison.freeRuns.first else { return "" }
    let reference = LinePlot.Line(name: "Double", values: first.steps.map(\.referenceLoss))
    let runs = zip(names, comparison.freeRuns).map { name, run in
      LinePlot.Line(name: name, values: run.steps.map(\.loss))
    }
    return LinePlot(
      title: "Loss of the batch, step by step, laid over each other", lines: [reference] + runs
    ).svg
  }

  private var distancePlot: String {
    guard let first = comparison.freeRuns.first else { return "" }
    let envelope = first.steps.map { FreeRun.allowance * $0.parameterEnvelope }
    let ulp = LinePlot.Line(name: "moved by an ulp", values: first.steps.map(\.parameterEnvelope))
    let limit = LinePlot.Line(
      name: "the envelope, \(Int(FreeRun.allowance)) times as far", values: envelope)
    let runs = zip(names, comparison.freeRuns).map { name, run in
      LinePlot.Line(name: name, values: run.steps.map(\.parameterDistance))
    }
    return LinePlot(
      title: "Parameters' distance from the reference, ‖θ − θ̂‖/‖θ̂‖, step by step",
      lines: [ulp, limit] + runs, isLogarithmic: true
    ).svg
  }

  /// How much of its bound each operation uses: bars, on a logarithmic scale.
  private var boundPlot: String {
    guard let first = comparison.operations.first else { return "" }
    let rows = first.summaries.map(\.operation).flatMap { operation in
      zip(names, comparison.operations).compactMap { name, report in
        report.summaries.first { $0.operation == operation }.map { (operation, name, $0) }
      }
    }
    let bars = rows.enumerated().map { index, row in
      let (operation, name, summary) = row
      // From 10⁻⁴ of the bound at the left to the bound at the right.
      let width = max(0, min(1, (log10(max(summary.boundUse, 1e-4)) + 4) / 4)) * 360
      let y = index * 16 + 12
      return """
        <text x="196" y="\(y)" text-anchor="end">\(escaped(operation)), \(escaped(name))</text>
        <rect x="204" y="\(y - 9)" width="\(width)" height="10" \
        class="\(summary.failures > 0 ? "bad" : "c\(names.firstIndex(of: name) ?? 0 + 1)")"/>
        <text x="\(210 + width)" y="\(y)">\(String(format: "%.3g", 100 * summary.boundUse)) %</text>
        """
    }.joined()
    return "<h2>Largest error of each operation, as a share of its bound (logarithmic)</h2>"
      + "<svg viewBox=\"0 0 640 \(rows.count * 16 + 8)\">\(bars)"
      + "<line x1=\"564\" x2=\"564\" y1=\"0\" y2=\"\(rows.count * 16 + 8)\" class=\"limit\"/></svg>"
  }

  private var operationTable: String {
    guard !comparison.operations.isEmpty else { return "" }
    let titles = [
      "operation", "backend", "cases", "failed", "largest error, ulp", "bits", "RMS/√K·u",
    ]
    var rows = [titles.map { "<th>\($0)</th>" }.joined()]
    for (name, report) in zip(names, comparison.operations) {
      for summary in report.summaries {
        let cells = [
          escaped(summary.operation), escaped(name), "\(summary.cases)", "\(summary.failures)",
          String(format: "%.3g", summary.largestUlps),
          String(format: "%.1f", summary.effectiveBits),
          summary.productStatistic.map { String(format: "%.2f", $0) } ?? "",
        ]
        rows.append(cells.map { "<td>\($0)</td>" }.joined())
      }
    }
    return "<h2>Operations</h2><table>" + rows.map { "<tr>\($0)</tr>" }.joined() + "</table>"
  }

  private static let style = """
    :root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--dim:#667;--grid:#d8dde3;--pass:#17803d;\
    --fail:#c62828;--c0:#1565c0;--c1:#e07b00;--c2:#7b1fa2;--c3:#00838f;--c4:#6d4c41;--c5:#ad1457}
    @media(prefers-color-scheme:dark){:root{--fg:#e6e9ee;--bg:#14171b;--dim:#98a2b0;--grid:#343b44;\
    --pass:#5bc98a;--fail:#ff7b72;--c0:#64b5f6;--c1:#ffb74d;--c2:#ce93d8;--c3:#4dd0e1;--c4:#bcaaa4;\
    --c5:#f48fb1}}
    body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:56rem;\
    margin:2rem auto;padding:0 1rem}
    h1{font-size:1.5rem}h2{font-size:1.05rem;margin-top:2rem}.dim{color:var(--dim)}
    table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}
    td,th{padding:.2rem .6rem;text-align:left;border-bottom:1px solid var(--grid)}
    .pass{color:var(--pass)}.fail{color:var(--fail);font-weight:bold}
    svg{width:100%;height:auto}svg text{fill:var(--fg);font-size:11px}
    .limit{stroke:var(--fail);stroke-dasharray:4 3}.axis{stroke:var(--grid)}
    polyline{fill:none;stroke-width:1.6}.bad{fill:var(--fail)}
    """ + (0..<6).map { ".c\($0){fill:var(--c\($0))}.l\($0){stroke:var(--c\($0))}" }.joined()
}

/// `text` where HTML is expected.
func escaped(_ text: String) -> String {
  text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
}
