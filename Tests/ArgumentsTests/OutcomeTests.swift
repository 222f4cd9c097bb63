import Arguments
import Foundation
import Testing

@Suite struct OutcomeTests {
  private func outcome(_ line: String) -> Outcome { Tool.outcome(of: words(line), columns: 80) }

  @Test func versionAndSuccess() {
    #expect(outcome("--version") == Outcome(output: "1.2.3\n"))
    #expect(outcome("train --quiet") == Outcome())
  }

  @Test func usageErrorsShowUsageAndAHint() {
    #expect(
      outcome("evaluate a")
        == Outcome(
          error: """
            error: missing '--out <out>'
            USAGE: tool evaluate <run> --out <out> [--shift <shift>] [--nll [<nll>]]
              See 'tool evaluate --help' for more information.

            """, code: .usage))
    #expect(
      outcome("dtaa")
        == Outcome(
          error: """
            error: unknown subcommand 'dtaa'; did you mean 'data'?
            USAGE: tool <subcommand>
              See 'tool --help' for more information.

            """, code: .usage))
  }

  @Test func processesEndWithTheirCodeAndTheRightStream() async throws {
    let done = await #expect(
      processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
    ) { Tool.main(["--version"]) }
    #expect(text(done?.standardOutputContent) == "1.2.3\n")

    let failed = await #expect(
      processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
    ) { Tool.main(["fail", "typed"]) }
    #expect(text(failed?.standardErrorContent) == "error: the disk is full\n")

    let wrong = await #expect(
      processExitsWith: .exitCode(2),
      observing: [\.standardOutputContent, \.standardErrorContent]
    ) { Tool.main(["train", "--epoch", "3"]) }
    let error = "error: unknown option '--epoch'; did you mean '--epochs'?\nUSAGE: tool train"
    let errors = text(wrong?.standardErrorContent)
    #expect(errors.hasPrefix(error))
    // Not "is empty": the testing library writes there too.
    let output = text(wrong?.standardOutputContent)
    #expect(!output.contains("USAGE"))
  }

  private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

  @Test func failuresSayWhatFailedInOneLine() {
    #expect(
      outcome("fail typed") == Outcome(error: "error: the disk is full\n", code: .failure))
    let foundation = outcome("fail foundation")
    #expect(foundation.code == .failure)
    #expect(foundation.error.split(separator: "\n").count == 1)
    #expect(!foundation.error.contains("Domain"), "\(foundation.error)")
    #expect(outcome("fail exit") == Outcome(code: ExitCode(rawValue: 130)))
    let validation = outcome("fail validation")
    #expect(validation.code == .usage)
    #expect(
      validation.error.hasPrefix("error: the model has 3 pixels, the data 4\nUSAGE: tool fail"))
  }
}
