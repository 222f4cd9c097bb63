// The operations of a variational autoencoder, as values. The graph makes each once, which checks its
// shapes once; a backend runs it any number of times and may key a prepared kernel by it.

/// An operation's name, shapes and cost, for error messages and profiles.
public protocol Operation: Hashable, Sendable, CustomStringConvertible {
  /// The operation, as the comparison's tables name it.
  static var name: String { get }
  /// The shapes that decide its cost: `128×784 · 784×400`.
  var shapes: String { get }
  /// The least that it takes in arithmetic and in moving memory.
  var cost: OperationCost { get }
}

extension Operation {
  /// Name and shapes.
  public var description: String { "\(Self.name) \(shapes)" }
}
