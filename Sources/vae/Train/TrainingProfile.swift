import Backend
import Benchmarking
import Files
import Terminal

/// What `vae train --profile` writes and prints.
struct TrainingProfile {
  let path: String
  let profile: Profile
  let backend: any Backend
  let console: Console

  /// Writes and prints the record of `train`, even of a run that was stopped or lost.
  func record(_ train: () throws -> Void) throws {
    let outcome = Result { try train() }
    do {
      try FileSystem.write(
        try profile.trace(device: "\(backend.name): \(backend.device)"), to: path)
    } catch {
      guard case .failure = outcome else { throw error }
      console.note("there is no profile: \(error)")
      return try outcome.get()
    }
    do {
      if !console.quiet && profile.calls > 0 { try summarize() }
    } catch {
      // The run and its trace are sound.
      console.note("the profile in \(path) has no table: \(error)")
    }
    try outcome.get()
  }

  private func summarize() throws {
    // The run is over and saved: its arena can go.
    let peaks = try Peaks.measure(on: backend)
    let terminal = Terminal.standardOutput
    terminal.write("\n" + table(under: peaks).text(hasColor: terminal.hasColor))
    let (wall, operations) = (profile.wallSeconds, profile.operationSeconds)
    console.say(
      "operations \(Format.fixed(operations, digits: 3)) s of the steps' "
        + "\(Format.fixed(wall, digits: 3)) s (\(percent(operations / wall))); gap "
        + "\(Format.fixed(wall - operations, digits: 3)) s (\(percent((wall - operations) / wall))): "
        + "launches, transfers, the host's own work, waiting")
    console.line("peak", peaks.summary)
    let kept =
      profile.events.count == profile.calls
      ? "" : " of \(Format.count(profile.calls)), the first ones"
    console.line("trace", "\(path): \(Format.count(profile.events.count)) operations\(kept)")
  }

  private func table(under peaks: Peaks) -> Table {
    var table = Table([
      "operation": .left, "calls": .right, "total s": .right, "share": .right,
      "mean µs": .right, "rate": .right, "of peak": .right, "shapes": .left,
    ])
    let entries = profile.entries.sorted { $0.nanoseconds > $1.nanoseconds }
    // The last, short batch of an epoch alone makes a line of every operation.
    let lines = max(1, entries.count { $0.seconds >= 1e-3 * profile.wallSeconds })
    for entry in entries.prefix(lines) {
      let (kind, mean) = (entry.kind, entry.seconds / Double(entry.calls))
      table.append([
        "\(kind.name)", "\(Format.count(entry.calls))",
        "\(Format.fixed(entry.seconds, digits: 3))",
        "\(percent(entry.seconds / profile.wallSeconds))",
        "\(microseconds(mean))", "\(peaks.rate(of: kind.cost, in: mean))",
        "\(percent(peaks.leastSeconds(for: kind.cost) / mean))", "\(kind.shapes)",
      ])
    }
    if lines < entries.count {
      let (others, seconds) = entries.dropFirst(lines).reduce((0, 0.0)) {
        ($0.0 + $1.calls, $0.1 + $1.seconds)
      }
      table.append([
        "\(entries.count - lines) others", "\(Format.count(others))",
        "\(Format.fixed(seconds, digits: 3))", "\(percent(seconds / profile.wallSeconds))", "", "",
        "", "",
      ])
    }
    return table
  }
}
