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
  /// The tensors that the operation fills.
  let outputs: [TestArena.Entry]
  /// Tensors that it may write, whatever with.
  let scratch: [Tensor]
  /// Whether a matrix product's rounding shows in the first output: ordinary data, seen unchanged or
  /// through ReLU.
  let showsProduct: Bool
  /// Runs the operation on a backend whose arena holds `arena`.
  let run: (any Backend) throws -> Void

  init(
    _ operation: some Operation, variant: String = "", kind: DataKind, arena: TestArena,
    outputs: [Tensor], names: [String] = [], scratch: [Tensor] = [], showsProduct: Bool = false,
    run: @escaping (any Backend) throws -> Void
  ) {
    self.operation = type(of: operation).name
    shapes = operation.shapes
    self.variant = variant
    self.kind = kind
    self.arena = arena
    self.outputs = outputs.enumerated().map { index, output in
      arena.entries.first { $0.tensor == output }
        ?? TestArena.Entry(name: names.isEmpty ? "output" : names[index], tensor: output)
    }
    self.scratch = scratch
    self.showsProduct = showsProduct && kind == .ordinary
    self.run = run
  }

  /// Where the outputs' elements should be: what the operation does to numbers with bounds.
  func bounds() throws -> [OutputBounds] {
    let backend = BoundedBackend()
    try backend.allocate(elements: arena.contents.count)
    for entry in arena.entries {
      backend.upload(arena.values(of: entry.tensor), to: entry.tensor)
    }
    try run(backend)
    return outputs.enumerated().map { index, output in
      OutputBounds(
        backend[output.tensor],
        product: index == 0 && showsProduct ? backend.product : nil)
    }
  }
}

/// Where an output's elements should be.
struct OutputBounds {
  let elements: [Bounded]
  /// The matrix product that the elements show the rounding of.
  let product: MatrixProduct?

  init(_ elements: [Bounded], product: MatrixProduct? = nil) {
    self.elements = elements
    self.product = product
  }
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
