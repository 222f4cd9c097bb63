import Backend
import Parity
import ReferenceBackend

let denseFaults: [Fault] = [
  .in(Dense.name, "relative error of 1e-4", \.dense) {
    $1.run($0)
    $1.round($0.output) { $0 * (1 + 1e-4) }
  },
  .in(Dense.name, "last row dropped", by: .unwritten, \.dense) { operation, base in
    base.keepingTail(operation.output, operation.output.columns) { base.run(operation) }
  },
  .in(Dense.name, "last element not written", by: .unwritten, \.dense) { operation, base in
    base.keepingTail(operation.output, 1) { base.run(operation) }
  },
  .in(Dense.name, "weights transposed", \.dense) { operation, base in
    let (rows, columns) = (operation.weights.rows, operation.weights.columns)
    base.withAltered(
      operation.weights,
      { values in
        values.indices.map { values[$0 % rows * columns + $0 / rows] }
      }
    ) { base.run(operation) }
  },
  .in(Dense.name, "TF32 operands", \.dense) { operation, base in
    base.withAltered(operation.input, { $0.map { rounded($0, toBits: 11) } }) {
      base.withAltered(operation.weights, { $0.map { rounded($0, toBits: 11) } }) {
        base.run(operation)
      }
    }
  },
  .in(Dense.name, "bfloat16 operands", by: .statistic, \.dense) { operation, base in
    base.withAltered(operation.input, { $0.map { rounded($0, toBits: 8) } }) {
      base.withAltered(operation.weights, { $0.map { rounded($0, toBits: 8) } }) {
        base.run(operation)
      }
    }
  },
  .in(Dense.name, "bias left out", \.dense) { operation, base in
    base.withAltered(operation.bias, { $0.map { _ in 0 } }) { base.run(operation) }
  },
  .in(Dense.name, "last term of the sum dropped", \.dense) { operation, base in
    let weights = operation.weights
    guard weights.rows > 0 else { return base.run(operation) }
    base.withAltered(weights[rows: weights.rows - 1..<weights.rows], { $0.map { _ in 0 } }) {
      base.run(operation)
    }
  },
  .in(Dense.name, "NaN swallowed", by: .nonFinite, \.dense) {
    $1.run($0)
    $1.round($0.output) { $0.isNaN ? 0 : $0 }
  },
  .in(Dense.name, "infinity turned NaN", by: .nonFinite, \.dense) {
    $1.run($0)
    $1.round($0.output) { $0.isInfinite ? .nan : $0 }
  },
  .in(Dense.name, "written one past the end", by: .canary, \.dense) { operation, base in
    base.run(operation)
    base.set(
      Tensor(offset: operation.output.range.upperBound, rows: 1, columns: 1), to: [0])
  },
  .in(Dense.name, "an input written", by: .canary, \.dense) { operation, base in
    base.run(operation)
    base.round(operation.bias) { $0 + 1 }
  },
  .in(DenseInputGradient.name, "derivative left out", \.inputGradient) { operation, base in
    base.run(
      DenseInputGradient(
        outputGradient: operation.outputGradient, weights: operation.weights,
        activation: .identity, saved: operation.saved, inputGradient: operation.inputGradient))
  },
  .in(DenseInputGradient.name, "weights not transposed", \.inputGradient) { operation, base in
    let (rows, columns) = (operation.weights.rows, operation.weights.columns)
    base.withAltered(
      operation.weights,
      { values in values.indices.map { values[$0 % rows * columns + $0 / rows] } }
    ) { base.run(operation) }
  },
  .in(DenseInputGradient.name, "derivative of the argument", \.inputGradient) { operation, base in
    guard operation.activation == .silu else { return base.run(operation) }
    base.withAltered(operation.saved, { $0.map(Activation.silu.value) }) { base.run(operation) }
  },
  .in(DenseParameterGradient.name, "stale gradient added", by: .unwritten, \.parameterGradient) {
    operation, base in
    // What an accumulating kernel would do to a NaN.
    base.keepingTail(operation.weightGradient, operation.weightGradient.count) {
      base.run(operation)
    }
  },
  .in(DenseParameterGradient.name, "last example left out of db", \.parameterGradient) {
    operation, base in
    base.run(operation)
    let gradient = operation.outputGradient
    guard gradient.rows > 0 else { return }
    let last = base.values(of: gradient[rows: gradient.rows - 1..<gradient.rows])
    let sums = base.values(of: operation.biasGradient)
    base.set(operation.biasGradient, to: zip(sums, last).map(-))
  },
  .in(DenseParameterGradient.name, "averaged over the batch", \.parameterGradient) {
    operation, base in
    base.run(operation)
    base.round(operation.weightGradient) { $0 / Double(max(operation.input.rows, 1)) }
  },
  .in(DenseParameterGradient.name, "nothing done for no rows", by: .unwritten, \.parameterGradient)
  {
    if $0.input.rows > 0 { $1.run($0) }
  },
  .in(Activate.name, "ReLU of NaN is 0", by: .nonFinite, \.activate) { operation, base in
    base.run(operation)
    if operation.activation == .relu { base.round(operation.output) { $0.isNaN ? 0 : $0 } }
  },
  .in(Activate.name, "sigmoid without a tail", \.activate) { operation, base in
    base.run(operation)
    if operation.activation == .sigmoid {
      base.round(operation.output) { $0 < 1e-7 ? 0 : $0 }
    }
  },
  .in(Activate.name, "eᵃ − 1 cancels", \.activate) { operation, base in
    let arguments = base.values(of: operation.input)
    base.run(operation)
    guard operation.activation == .elu else { return }
    base.set(
      operation.output,
      to: arguments.map { $0 > 0 ? $0 : Double(Float(Activation.elu.value($0) + 1) - 1) })
  },
  .in(Activate.name, "exponential overflows", by: .nonFinite, \.activate) { operation, base in
    let arguments = base.values(of: operation.input)
    base.run(operation)
    guard operation.activation == .softplus else { return }
    let results = zip(arguments, base.values(of: operation.output))
    base.set(operation.output, to: results.map { $0 > 88.7 ? .infinity : $1 })
  },
]
