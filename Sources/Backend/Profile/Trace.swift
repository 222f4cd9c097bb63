import Foundation

extension Profile {
  /// The events as JSON in the Trace Event Format, which Perfetto (ui.perfetto.dev) and chrome://tracing
  /// show: one track, named `device`, of complete events (`"ph":"X"`) with name, shapes and cost; times in
  /// microseconds since the first event.
  public func trace(device: String) throws -> Data {
    let origin = events.first?.start ?? 0
    let beginnings = try entries.map { try Self.json(OperationEvent($0.kind)).dropLast() }
    let names = [("process_name", "vae"), ("thread_name", device)]
    var text = Data("{\"displayTimeUnit\":\"ms\",\"otherData\":".utf8)
    text += try Self.json(["operations": calls, "operations_in_trace": events.count])
    text += Data(",\"traceEvents\":[\n".utf8)
    text += try names.map { try Self.json(TrackName($0, $1)) }.joined(separator: Data(",\n".utf8))
    for event in events {
      text += Data(",\n".utf8)
      text += beginnings[event.entry]
      let start = Self.microseconds(event.start - origin)
      let duration = Self.microseconds(event.end - event.start)
      text += Data(",\"ts\":\(start),\"dur\":\(duration)}".utf8)
    }
    return text + Data("\n]}\n".utf8)
  }

  private static func json(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  /// Exact, which a `Double` of a device's clock would not be.
  private static func microseconds(_ nanoseconds: UInt64) -> String {
    let fraction = String(nanoseconds % 1000)
    return "\(nanoseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}

/// What all events of a kind have in common.
private struct OperationEvent: Encodable {
  var name: String
  var ph = "X"
  var pid = 1
  var tid = 1
  var args: Arguments

  struct Arguments: Encodable {
    var shapes: String
    var floatingPointOperations: Int
    var bytes: Int
  }

  init(_ kind: Profile.Kind) {
    name = kind.name
    args = Arguments(
      shapes: kind.shapes, floatingPointOperations: kind.cost.operations, bytes: kind.cost.bytes)
  }
}

/// Metadata: what a process or a thread is called.
private struct TrackName: Encodable {
  var name: String
  var ph = "M"
  var pid = 1
  var tid = 1
  var args: [String: String]

  init(_ kind: String, _ name: String) {
    self.name = kind
    args = ["name": name]
  }
}
