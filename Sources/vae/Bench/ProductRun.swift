import Backend
import Backends
import Benchmarking

/// `vae bench --matmul`: a dense layer's three products, at any shapes.
struct ProductRun {
  private let seconds: Double
  private let shapes: [ProductShape]
  private let backend: any Backend

  init(_ options: Bench, shapes: [ProductShape]) throws {
    seconds = options.seconds
    self.shapes = shapes
    let elements = shapes.map { ProductTensors($0).plan.elements }.max() ?? 0
    let chosen = try options.backend.choose(memory: MemoryDemand(arena: elements))
    backend = chosen.backend
    try options.tiles.apply(to: backend)
    Console(quiet: false).line("backend", chosen.summary)
  }

  func run() throws -> BenchReport {
    var report = try BenchReport(on: backend)
    Console(quiet: false).line("peak", report.peaks.summary)
    var table = BenchTable(report.peaks)
    for shape in shapes {
      let tensors = ProductTensors(shape)
      try backend.allocate(elements: tensors.plan.elements)
      for (step, tensor) in tensors.all.enumerated() { backend.fill(tensor, step: step) }
      func measure(_ operation: some Operation, _ run: (any Backend) -> Void) throws {
        let timing = try backend.time(seconds: seconds, run)
        let record = BenchRecord(operation, timing, under: report.peaks)
        report.results.append(record)
        table.append(record)
      }
      try measure(tensors.forward) { $0.run(tensors.forward) }
      try measure(tensors.inputGradient) { $0.run(tensors.inputGradient) }
      try measure(tensors.parameterGradient) { $0.run(tensors.parameterGradient) }
    }
    table.print()
    return report
  }
}

/// A layer of M examples, K inputs and N outputs.
private struct ProductTensors {
  private(set) var plan = ArenaPlan()
  private let input: Tensor
  private let weights: Tensor
  private let bias: Tensor
  private let output: Tensor

  init(_ shape: ProductShape) {
    input = plan.tensor(rows: shape.rows, columns: shape.inner)
    weights = plan.tensor(rows: shape.inner, columns: shape.columns)
    bias = plan.tensor(rows: 1, columns: shape.columns)
    output = plan.tensor(rows: shape.rows, columns: shape.columns)
  }

  var all: [Tensor] { [input, weights, bias, output] }

  var forward: Dense {
    Dense(input: input, weights: weights, bias: bias, activation: .identity, output: output)
  }

  var inputGradient: DenseInputGradient {
    DenseInputGradient(
      outputGradient: output, weights: weights, activation: .identity, saved: input,
      inputGradient: input)
  }

  var parameterGradient: DenseParameterGradient {
    DenseParameterGradient(
      input: input, outputGradient: output, weightGradient: weights, biasGradient: bias)
  }
}
