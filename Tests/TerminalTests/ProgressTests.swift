import Terminal
import Testing

@Suite struct ProgressTests {
  private let epoch = Progress(
    label: "epoch 3/10", completed: 27_000, total: 60_000, seconds: 1.5, detail: "loss 105.35")

  @Test func rateAndTimeLeft() {
    #expect(epoch.rate == 18_000)
    #expect(epoch.secondsLeft == 33_000.0 / 18_000)
    #expect(epoch.line == "epoch 3/10   45%  loss 105.35  18,000 images/s  1.8s left")
  }

  @Test func nothingDoneYet() {
    let start = Progress(label: "epoch 1/10", total: 60_000)
    #expect(start.rate == nil && start.secondsLeft == nil)
    #expect(start.line == "epoch 1/10    0%")
    #expect(start.bar(columns: 40) == "epoch 1/10  [>                   ]    0%")
  }

  @Test func everythingDone() {
    var end = epoch
    end.completed = 60_000
    #expect(end.bar(columns: 80).hasPrefix("epoch 3/10  [=========="))
    #expect(!end.bar(columns: 80).contains(">"))
    #expect(end.line.contains("100%") && end.line.hasSuffix("0.0s left"))
    #expect(Progress(label: "empty", total: 0).fraction == 1)
  }

  @Test func moreThanEverything() {
    let over = Progress(label: "x", completed: 20, total: 10, seconds: 1)
    #expect(over.fraction == 1 && over.secondsLeft == 0)
  }

  @Test func bytes() {
    let download = Progress(
      label: "train-images", completed: 4_956_211, total: 9_912_422, seconds: 2, unit: .bytes)
    #expect(download.line == "train-images   50%  2.5 MB/s  2.0s left")
  }

  @Test func bars() {
    #expect(
      epoch.bar(columns: 80)
        == "epoch 3/10  [========>          ]   45%  loss 105.35  18,000 images/s  1.8s left")
    #expect(epoch.bar(columns: 70) == epoch.line)
    #expect(epoch.bar(columns: 50) == "epoch 3/10   45%  loss 105.35  18,000 images/s")
    #expect(epoch.bar(columns: 16) == "epoch 3/10   45%")
    #expect(epoch.bar(columns: 4) == "epoc")
    for columns in 0...120 { #expect(epoch.bar(columns: columns).count <= columns) }
  }

  @Test func aTerminalIsRedrawnTenTimesASecondAtMost() {
    var line = ProgressLine(isInteractive: true)
    #expect(line.update(epoch, at: 5, columns: 71) == "\r\u{1B}[K" + epoch.line)
    #expect(line.update(epoch, at: 5.05, columns: 71) == "")
    #expect(line.update(epoch, at: 5.15, columns: 71) == "\r\u{1B}[K" + epoch.line)
    let draws = (0..<1000).filter { step in
      line.update(epoch, at: 6 + Double(step) / 1000, columns: 80) != ""
    }
    #expect(draws.count <= 10 && draws.count >= 9)
  }

  @Test func theLiveLineGoesBeforeOtherText() {
    var line = ProgressLine(isInteractive: true)
    #expect(line.replace(with: "done") == "done\n")
    _ = line.update(epoch, at: 0, columns: 80)
    #expect(line.replace(with: "done") == "\r\u{1B}[Kdone\n")
    #expect(line.erase() == "")
  }

  @Test func aLogHasPlainLinesTwiceAMinute() {
    var line = ProgressLine(isInteractive: false)
    let lines = (0...120).map { line.update(epoch, at: Double($0), columns: 10) }
    #expect(lines.filter { !$0.isEmpty } == Array(repeating: epoch.line + "\n", count: 4))
    #expect(line.replace(with: "done") == "done\n")
  }
}
