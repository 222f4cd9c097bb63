import Backend

/// An operation and its inputs: what runs on any backend, and what its results are held against.
struct OperationCase {
  /// `Operation.name`.
  let operation: String
  /// `Operation.shapes`.
  let shapes: String
  /// What else sets the case apart: an activation, a step of the noise.
  let variant: String
  let kind: DataKind
  let arena: TestArena
  /// The tensors that the operation may write, in `bounds`'s order.
  let outputs: [TestArena.Entry]
  /// Runs the operation on a backend whose arena holds `arena`.
  let run: (any Backend) throws -> Void
  /// The bounds of the outputs' elements.
  let bounds: () -> [OutputBounds]

  init(
    _ operation: some Operation, variant: String = "", kind: DataKind, arena: TestArena,
    outputs: [Tensor], run: @escaping (any Backend) throws -> Void,
    bounds: @escaping () -> [OutputBounds]
  ) {
    self.operation = type(of: operation).name
    shapes = operation.shapes
    self.variant = variant
    self.kind = kind
    self.arena = arena
    self.outputs = outputs.map { output in
      arena.entries.first { $0.tensor == output }
        ?? TestArena.Entry(name: "output", tensor: output)
    }
    self.run = run
    self.bounds = bounds
  }
}

/// Where an output's elements should be.
struct OutputBounds {
  let elements: [Bounded]
  /// For a matrix product of ordinary data, seen unchanged or through ReLU: Σ(ab)² of each element, and
  /// how many terms were summed.
  var productSquares: (squares: [Double], terms: Int)?

  init(_ elements: [Bounded]) { self.elements = elements }

  /// `count` elements by a formula.
  init(count: Int, _ element: (Int) -> Bounded) { elements = (0..<count).map(element) }
}

/// What a case is made from besides its shape.
struct CaseSetting {
  var kind = DataKind.ordinary
  /// Elements by which tensors miss the arena's alignment.
  var skew = 0
  let seed: UInt64
  /// Numbers the cases, so that each draws its own data.
  let number: UInt64

  var data: TestData {
    TestData(kind: kind, noise: Noise(seed: seed, stream: .dataset, step: number))
  }
  var arena: TestArena { TestArena(skew: skew) }
}
