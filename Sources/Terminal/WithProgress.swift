/// Tells a progress line how far the work under it is.
public struct ProgressReport {
  fileprivate let update: (_ completed: Int, _ total: Int?, _ detail: String) -> Void

  /// `completed` are done, of the total that was known at the beginning or of another one.
  public func callAsFunction(_ completed: Int, of total: Int? = nil, detail: String = "") {
    update(completed, total, detail)
  }
}

/// Does `work` under a progress line on standard error, whose clock starts here.
///
/// - Parameters:
///   - label: what is being done.
///   - total: how many `items`, a name in the plural, there are to be done.
public func withProgress<Result>(
  _ label: String, of total: Int, _ items: String = "images",
  _ work: (ProgressReport) throws -> Result
) rethrows -> Result {
  let start = ContinuousClock.now
  var progress = LiveProgress()
  defer { progress.erase() }
  return try work(
    ProgressReport { completed, newTotal, detail in
      progress.update(
        Progress(
          label: label, completed: completed, total: newTotal ?? total,
          seconds: (ContinuousClock.now - start) / .seconds(1), unit: .items(items), detail: detail)
      )
    })
}
