/// When operations ran and for how long, recorded by a backend that was made with it.
///
/// A long run's record stays small: every operation counts in its entry's sums, of which there are as
/// many as the run has distinct operations, and the first `eventLimit` also leave an event of 24 bytes,
/// for the trace. Operations outside `recording` leave nothing.
public final class Profile {
  /// Operations that share a line: one name, one shape.
  public struct Kind: Hashable, Sendable {
    /// `Operation.name`
    public let name: String
    /// `Operation.shapes`
    public let shapes: String
    /// `Operation.cost`
    public let cost: OperationCost

    init(_ operation: some Operation) {
      name = type(of: operation).name
      shapes = operation.shapes
      cost = operation.cost
    }
  }

  /// What all operations of a kind took.
  public struct Entry: Sendable {
    /// Which operations.
    public let kind: Kind
    /// How many of them ran.
    public internal(set) var calls = 0
    /// How long, in nanoseconds.
    public internal(set) var nanoseconds: UInt64 = 0

    /// How long, in seconds.
    public var seconds: Double { Double(nanoseconds) * 1e-9 }
  }

  /// One operation's time on its device's clock, in nanoseconds.
  public struct Event: Sendable {
    /// The index of its entry.
    public let entry: Int
    /// When it began.
    public let start: UInt64
    /// When it was done.
    public let end: UInt64
  }

  /// How many events are kept by default.
  public static let usualEventLimit = 100_000

  /// How many events are kept: the first ones.
  public let eventLimit: Int
  /// The sums, by kind, in the order of their first appearance.
  public private(set) var entries: [Entry] = []
  /// The first operations, in the order they ran.
  public private(set) var events: [Event] = []
  /// Time spent inside `recording`.
  public private(set) var wallSeconds = 0.0
  /// Whether operations are recorded now.
  public private(set) var isRecording = false

  private var entryOfOperation: [AnyHashable: Int] = [:]
  private var entryOfKind: [Kind: Int] = [:]
  private var lastEnd: UInt64 = 0

  /// An empty record.
  public init(eventLimit: Int = Profile.usualEventLimit) { self.eventLimit = eventLimit }

  /// How many operations ran.
  public var calls: Int { entries.reduce(0) { $0 + $1.calls } }

  /// How long they took in all.
  public var operationSeconds: Double {
    Double(entries.reduce(0) { $0 + $1.nanoseconds }) * 1e-9
  }

  /// Records the operations of `work`, which ends with a synchronization.
  public func recording<Value>(_ work: () throws -> Value) rethrows -> Value {
    let start = ContinuousClock.now
    isRecording = true
    defer {
      isRecording = false
      wallSeconds += (ContinuousClock.now - start) / .seconds(1)
    }
    return try work()
  }

  /// The index of `operation`'s entry.
  package func entry(of operation: some Operation) -> Int {
    if let entry = entryOfOperation[AnyHashable(operation)] { return entry }
    let kind = Kind(operation)
    let entry = entryOfKind[kind] ?? entries.count
    if entry == entries.count { entries.append(Entry(kind: kind)) }
    entryOfKind[kind] = entry
    entryOfOperation[AnyHashable(operation)] = entry
    return entry
  }

  /// Adds an operation that ran after those before it.
  package func add(_ entry: Int, start: UInt64, end: UInt64) {
    // Operations run one by one; where a device's clock has two of them overlap by a tick, the later one
    // begins when the earlier is done.
    let start = max(start, lastEnd)
    let end = max(end, start)
    lastEnd = end
    entries[entry].calls += 1
    entries[entry].nanoseconds += end - start
    if events.count < eventLimit { events.append(Event(entry: entry, start: start, end: end)) }
  }
}
