import Foundation
import Terminal
import Testing

@Suite struct TerminalTests {
  private func terminal(_ isTerminal: Bool, _ environment: [String: String]) -> Terminal {
    // Nothing is open there, so that the width comes from the environment.
    Terminal(descriptor: -1, isTerminal: isTerminal, environment: environment)
  }

  @Test func redrawingNeedsATerminalThatCan() {
    #expect(terminal(true, ["TERM": "xterm"]).isInteractive)
    #expect(!terminal(true, ["TERM": "dumb"]).isInteractive)
    #expect(!terminal(true, [:]).isInteractive)
    #expect(!terminal(false, ["TERM": "xterm"]).isInteractive)
  }

  @Test func colourRespectsNO_COLOR() {
    #expect(terminal(true, ["TERM": "xterm"]).hasColor)
    #expect(terminal(true, ["TERM": "xterm", "NO_COLOR": ""]).hasColor)
    #expect(!terminal(true, ["TERM": "xterm", "NO_COLOR": "1"]).hasColor)
    #expect(!terminal(false, ["TERM": "xterm"]).hasColor)
  }

  @Test func width() {
    #expect(terminal(false, [:]).columns == 80)
    #expect(terminal(false, ["COLUMNS": "120"]).columns == 120)
    #expect(terminal(false, ["COLUMNS": "0"]).columns == 80)
    #expect(terminal(false, ["COLUMNS": "wide"]).columns == 80)
  }

  @Test func widthAndKindOfARealTerminal() throws {
    var main: Int32 = 0
    var side: Int32 = 0
    var size = winsize(ws_row: 24, ws_col: 93, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&main, &side, nil, nil, &size) == 0)
    defer {
      close(main)
      close(side)
    }
    let terminal = Terminal(descriptor: side)
    #expect(terminal.columns == 93)
    terminal.write("loss 105\n")
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(main, &bytes, bytes.count)
    #expect(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self) == "loss 105\r\n")
  }

  @Test func filesAndPipesAreNoTerminals() throws {
    let pipe = Pipe()
    let terminal = Terminal(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    #expect(!terminal.isInteractive && !terminal.hasColor)
    terminal.write("é\n")
    try pipe.fileHandleForWriting.close()
    #expect(try pipe.fileHandleForReading.readToEnd() == Data("é\n".utf8))
  }

  @Test func styles() {
    #expect(Style.red.apply(to: "failed", hasColor: true) == "\u{1B}[31mfailed\u{1B}[0m")
    #expect(Style.red.apply(to: "failed", hasColor: false) == "failed")
    #expect(Style.plain.apply(to: "failed", hasColor: true) == "failed")
    #expect(Style.red.apply(to: "", hasColor: true) == "")
  }
}
